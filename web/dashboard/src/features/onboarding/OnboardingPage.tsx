// From sign-up to a widget on the site, a step at a time. Every step can be skipped and come back to.

import type { Workspace } from '@frontdesk/api-client';
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { workspaceQuery } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { AgentStep } from './AgentStep';
import { BusinessStep } from './BusinessStep';
import { KnowledgeStep } from './KnowledgeStep';
import classes from './Onboarding.module.css';
import { onboardingRoute } from './routes';
import { STEPS, type Step } from './steps';
import { WidgetStep } from './WidgetStep';

export function OnboardingPage() {
  const { t } = useTranslation('onboarding');
  const workspace = useQuery(workspaceQuery);
  return (
    <PageBody width="form">
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      {workspace.data !== undefined ? (
        <Wizard workspace={workspace.data} />
      ) : workspace.isError ? (
        <ErrorState error={workspace.error} onRetry={() => void workspace.refetch()} />
      ) : (
        <Skeleton height={420} radius="lg" />
      )}
    </PageBody>
  );
}

function Wizard({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation('onboarding');
  const search = onboardingRoute.useSearch();
  const navigate = useNavigate();
  const { onboarding } = workspace;
  // What is done while the wizard is open does not move it on by itself.
  const [first] = useState<Step>(() => STEPS.find((step) => !onboarding[step]) ?? 'business');
  const current = search.step ?? first;
  const at = STEPS.indexOf(current);
  const before = STEPS[at - 1];
  const after = STEPS[at + 1];
  const next = () => void (after === undefined ? navigate({ to: '/' }) : navigate({ to: '/onboarding', search: { step: after } }));
  return (
    <>
      <nav aria-label={t('title')}>
        <ol className={classes.steps}>
          {STEPS.map((step) => {
            const Icon = onboarding[step] ? CircleCheck : CircleDashed;
            return (
              <li key={step} className={classes.step}>
                <Link
                  to="/onboarding"
                  search={{ step }}
                  className={classes.link}
                  data-done={onboarding[step] || undefined}
                  aria-current={step === current ? 'step' : undefined}
                >
                  <Icon size={16} aria-label={t(onboarding[step] ? 'done' : 'open')} role="img" />
                  <span className={classes.name}>{t(`step.${step}`)}</span>
                </Link>
              </li>
            );
          })}
        </ol>
      </nav>
      {current === 'business' && <BusinessStep workspace={workspace} onDone={next} />}
      {current === 'knowledge' && <KnowledgeStep />}
      {current === 'agent' && <AgentStep />}
      {current === 'widget' && <WidgetStep />}
      <div className={classes.foot}>
        {before === undefined ? (
          <Button variant="subtle" color="gray" renderRoot={(props) => <Link to="/" {...props} />}>
            {t('later')}
          </Button>
        ) : (
          <Button variant="default" renderRoot={(props) => <Link to="/onboarding" search={{ step: before }} {...props} />}>
            {t('common:action.back')}
          </Button>
        )}
        {(current !== 'business' || onboarding.business) && (
          <Button variant={onboarding[current] ? 'filled' : 'default'} onClick={next}>
            {t(after === undefined ? 'finish' : onboarding[current] ? 'next' : 'skip')}
          </Button>
        )}
        {current === 'business' && !onboarding.business && (
          <Button variant="subtle" color="gray" onClick={next}>
            {t('skip')}
          </Button>
        )}
      </div>
    </>
  );
}
