// The frame of the pages before the dashboard: the form on one side, what Frontdesk does on the other.

import { Outlet } from '@tanstack/react-router';
import { BookOpenCheck, Hand, Headphones, Sparkle } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { PageLoading } from '../../ui/PageLoading';
import classes from './Door.module.css';

export function Door() {
  return (
    <div className={classes.door}>
      <main className={classes.form}>
        <div className={classes.inner}>
          <div className={classes.brand}>
            <span className={classes.logo}>
              <Headphones size={20} aria-hidden />
            </span>
            Frontdesk
          </div>
          <Suspense fallback={<PageLoading />}>
            <Outlet />
          </Suspense>
        </div>
      </main>
      <Showcase />
    </div>
  );
}

function Showcase() {
  const { t } = useTranslation('auth');
  const points = [
    { icon: BookOpenCheck, text: t('showcase.answers') },
    { icon: Sparkle, text: t('showcase.leads') },
    { icon: Hand, text: t('showcase.handoff') },
  ];
  return (
    <aside className={classes.showcase} aria-label={t('showcase.label')}>
      <div className={classes.pitch}>
        <p className={classes.headline}>{t('showcase.title')}</p>
        <div className={classes.chat} aria-hidden>
          <p data-from="customer">{t('showcase.question')}</p>
          <p data-from="ai">
            {t('showcase.answer')}
            <span>
              <BookOpenCheck size={12} /> {t('showcase.source')}
            </span>
          </p>
        </div>
        <ul className={classes.points}>
          {points.map(({ icon: Icon, text }) => (
            <li key={text}>
              <Icon size={18} aria-hidden /> {text}
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}
