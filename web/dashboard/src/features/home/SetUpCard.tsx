import type { Onboarding } from '@frontdesk/api-client';
import { Button, Progress, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { queryClient } from '../../app/query';
import { useCan, useWorkspace } from '../../app/session';
import classes from './Home.module.css';

const STEPS = ['business', 'knowledge', 'agent', 'widget'] as const satisfies (keyof Onboarding)[];

/** What is left of setting up; gone when it is done or put away. */
export function SetUpCard() {
  const { t } = useTranslation('home');
  const workspace = useWorkspace();
  const mayChange = useCan('workspace:write');
  const dismiss = useMutation({
    mutationFn: (onboarding: Onboarding) => api.patch('/workspace', { onboarding: { ...onboarding, dismissed: true } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.workspace }),
  });
  if (workspace === undefined || !mayChange) return null;
  const { onboarding } = workspace;
  const done = STEPS.filter((step) => onboarding[step]).length;
  const next = STEPS.find((step) => !onboarding[step]);
  if (onboarding.dismissed || next === undefined) return null;
  return (
    <section className={classes.setUp} aria-label={t('setUp.title')}>
      <span className={classes.dot} style={{ width: 40, height: 40 }}>
        <Rocket size={18} aria-hidden />
      </span>
      <div className={classes.setUpBody}>
        <Text fw={650}>{t('setUp.progress', { done, all: STEPS.length })}</Text>
        <Text size="sm" c="dimmed">
          {t(`setUp.next.${next}`)}
        </Text>
        <Progress value={(done / STEPS.length) * 100} size="sm" mt={8} maw={360} aria-label={t('setUp.title')} />
      </div>
      <Button variant="subtle" color="gray" loading={dismiss.isPending} onClick={() => dismiss.mutate(onboarding)}>
        {t('setUp.dismiss')}
      </Button>
      <Button renderRoot={(props) => <Link to="/onboarding" {...props} />}>{t('setUp.continue')}</Button>
    </section>
  );
}
