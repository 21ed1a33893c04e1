import type { Home, WeekDay } from '@frontdesk/api-client';
import { Link } from '@tanstack/react-router';
import { Bot, Hand, MessagesSquare, Sparkle, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Home.module.css';

interface KpisProps {
  counts: Home['counts'];
  week: readonly WeekDay[];
}

export function Kpis({ counts, week }: KpisProps) {
  const { t, i18n } = useTranslation('home');
  const number = new Intl.NumberFormat(i18n.language);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  return (
    <div className={classes.kpis}>
      <Kpi
        icon={MessagesSquare}
        label={t('kpi.conversations')}
        value={number.format(counts.conversations_today)}
        note={t('kpi.messages', { count: counts.messages_today, shown: number.format(counts.messages_today) })}
        spark={week.map((day) => day.conversations)}
      />
      <Kpi icon={Bot} label={t('kpi.byAi')} value={percent.format(counts.answered_by_ai_percent / 100)} note={t('kpi.byAiNote')} />
      <Link to="/leads" className="plain-link">
        <Kpi
          icon={Sparkle}
          label={t('kpi.leads')}
          value={number.format(counts.leads_this_week)}
          note={t('kpi.leadsNote')}
          spark={week.map((day) => day.leads)}
        />
      </Link>
      <Link to="/inbox" search={{ view: 'waiting' }} className="plain-link">
        <Kpi
          icon={Hand}
          label={t('kpi.waiting')}
          value={number.format(counts.waiting)}
          note={t(counts.waiting === 0 ? 'kpi.nobodyWaits' : 'kpi.waitingNote')}
          urgent={counts.waiting > 0}
        />
      </Link>
    </div>
  );
}

interface KpiProps {
  icon: LucideIcon;
  label: string;
  value: string;
  note: ReactNode;
  spark?: number[];
  urgent?: boolean;
}

function Kpi({ icon: Icon, label, value, note, spark, urgent = false }: KpiProps) {
  return (
    <div className={classes.kpi} data-urgent={urgent || undefined}>
      <div>
        <div className={classes.kpiLabel}>
          <Icon size={16} aria-hidden /> {label}
        </div>
        <div className={classes.kpiValue}>{value}</div>
        <div className={classes.kpiNote}>{note}</div>
      </div>
      {spark !== undefined && <Spark values={spark} />}
    </div>
  );
}

/** The week at a glance; the chart below says the same in full. */
function Spark({ values }: { values: readonly number[] }) {
  const most = Math.max(1, ...values);
  const points = values.map((value, index) => `${String((index / Math.max(1, values.length - 1)) * 64)},${String(30 - (value / most) * 26)}`);
  return (
    <svg className={classes.spark} viewBox="0 0 64 32" aria-hidden>
      <polygon points={`0,32 ${points.join(' ')} 64,32`} fill="currentcolor" opacity="0.12" />
      <polyline points={points.join(' ')} fill="none" stroke="currentcolor" strokeWidth="1.75" strokeLinejoin="round" />
    </svg>
  );
}
