// What happened and what needs you.

import type { Home } from '@frontdesk/api-client';
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { keys } from '../../app/keys';
import { useCan, useMe } from '../../app/session';
import { ErrorState } from '../../ui/ErrorState';
import { PageBody } from '../../ui/PageBody';
import { PageHeader } from '../../ui/PageHeader';
import { useFormatTime, useNow, useZone } from '../../ui/time';
import { TodayCard } from '../booking/TodayCard';
import { Activity } from './Activity';
import classes from './Home.module.css';
import { Kpis } from './Kpis';
import { NeedsYou } from './NeedsYou';
import { RecentLeads } from './RecentLeads';
import { SetUpCard } from './SetUpCard';
import { Unanswered } from './Unanswered';
import { WeekChart } from './WeekChart';

export function HomePage() {
  const mayRead = useCan('bookings:read');
  const { data, isError, error, refetch } = useQuery({
    queryKey: keys.home,
    queryFn: ({ signal }) => api.get<Home>('/home', { signal }),
  });
  return (
    <PageBody>
      <Greeting />
      <SetUpCard />
      {data !== undefined ? (
        <>
          <Kpis counts={data.counts} week={data.week} />
          <div className={classes.columns}>
            <div className={classes.column}>
              <NeedsYou conversations={data.needs_you} />
              <WeekChart week={data.week} />
              <Activity entries={data.activity} />
            </div>
            <div className={classes.column}>
              {mayRead && <TodayCard />}
              <RecentLeads leads={data.recent_leads} />
              <Unanswered questions={data.unanswered} />
            </div>
          </div>
        </>
      ) : isError ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <HomeSkeleton />
      )}
    </PageBody>
  );
}

function Greeting() {
  const { t } = useTranslation('home');
  const { user } = useMe();
  const now = new Date(useNow());
  const zone = useZone();
  const format = useFormatTime();
  const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZone: zone }).format(now));
  const part = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
  const first = user.name.split(' ')[0] ?? user.name;
  return (
    <PageHeader
      title={t(`greeting.${part}`, { name: first })}
      tab={t('title')}
      subtitle={format(now, 'weekday')}
      actions={
        <Button variant="default" leftSection={<Inbox size={16} aria-hidden />} renderRoot={(props) => <Link to="/inbox" {...props} />}>
          {t('openInbox')}
        </Button>
      }
    />
  );
}

function HomeSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('state.loading')}>
      <div className={classes.kpis}>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} height={104} radius="lg" />
        ))}
      </div>
      <div className={classes.columns}>
        <Skeleton height={320} radius="lg" />
        <Skeleton height={320} radius="lg" />
      </div>
    </div>
  );
}
