import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** While a page's code or first data is on its way. */
export function PageLoading() {
  const { t } = useTranslation();
  return (
    <Center h="60dvh" role="status" aria-label={t('state.loading')}>
      <Loader size="sm" />
    </Center>
  );
}
