import { useTranslation } from 'react-i18next';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';

export function AgentsPage() {
  const { t } = useTranslation();
  return (
    <PageBody>
      <PageHeader title={t('nav.agents')} />
    </PageBody>
  );
}
