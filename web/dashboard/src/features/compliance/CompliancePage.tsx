// What may be sent to whom: the rules, the lists, what people agreed to, and what is on record.

import { Stack } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Ban, FileSearch, Handshake, HelpCircle, Scale, SlidersHorizontal, type LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NotFound } from '../../app/errors';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { SectionNav } from '../../ui/SectionNav';
import { Check } from './Check';
import { Consents } from './Consents';
import { EvidenceOf } from './Evidence';
import { Lists } from './Lists';
import { SECTIONS, type ComplianceSearch, type SectionId } from './routes';
import { Rules } from './Rules';
import { OwnRules } from './OwnRules';

// To add a section: its name in routes.ts, a line here, its name under `section` in the texts.
const PAGES: Record<SectionId, { icon: LucideIcon; page: ComponentType }> = {
  rules: { icon: Scale, page: Rules },
  settings: { icon: SlidersHorizontal, page: OwnRules },
  lists: { icon: Ban, page: Lists },
  consents: { icon: Handshake, page: Consents },
  evidence: { icon: FileSearch, page: EvidenceOf },
  check: { icon: HelpCircle, page: Check },
};

export function CompliancePage() {
  const { t } = useTranslation('compliance');
  const { section = 'rules' } = useParams({ strict: false });
  const { contact } = useSearch({ strict: false }) as ComplianceSearch;
  const current = SECTIONS.find((id) => id === section);
  if (current === undefined) return <NotFound />;
  const Page = PAGES[current].page;
  return (
    <PageBody>
      <PageHeader title={t('title')} tab={t(`section.${current}`)} subtitle={t('subtitle')} />
      <SectionNav
        label={t('title')}
        current={current}
        sections={SECTIONS.map((id) => ({ id, label: t(`section.${id}`), icon: PAGES[id].icon }))}
        // Whom it is about goes along from one section to the next.
        link={(id, props) => <Link to="/compliance/$section" params={{ section: id }} search={contact === undefined ? {} : { contact }} {...props} />}
      >
        <Stack key={current}>
          <Page />
        </Stack>
      </SectionNav>
    </PageBody>
  );
}
