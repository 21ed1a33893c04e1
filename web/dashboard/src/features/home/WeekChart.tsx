import type { WeekDay } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import classes from './Home.module.css';
import { Panel } from './Panel';
import { niceTop } from './scale';

const WIDTH = 700;
const HEIGHT = 180;
const LEFT = 30;
const BOTTOM = 24;

/** Conversations and leads of the last seven days. Small enough to be drawn by hand. */
export function WeekChart({ week }: { week: readonly WeekDay[] }) {
  const { t, i18n } = useTranslation('home');
  const top = niceTop(Math.max(1, ...week.map((day) => Math.max(day.conversations, day.leads))));
  const y = (value: number) => (HEIGHT - BOTTOM) * (1 - value / top) + 6 * (value / top);
  const slot = (WIDTH - LEFT) / Math.max(1, week.length);
  // Days are civil dates of the business: noon UTC is that day wherever it is read.
  const name = (day: string, style: 'short' | 'long') =>
    new Intl.DateTimeFormat(i18n.language, { weekday: style, timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`));

  return (
    <Panel
      title={t('week.title')}
      action={
        <div className={classes.legend} aria-hidden>
          <span>
            <i style={{ background: 'var(--mantine-color-brand-6)' }} /> {t('week.conversations')}
          </span>
          <span>
            <i style={{ background: 'var(--mantine-color-teal-5)' }} /> {t('week.leads')}
          </span>
        </div>
      }
    >
      <div className={classes.chart}>
        <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} preserveAspectRatio="none" aria-hidden>
          {[0, top / 2, top].map((value) => (
            <line key={value} x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} stroke="var(--border)" vectorEffect="non-scaling-stroke" />
          ))}
          {week.map((day, index) => {
            const x = LEFT + slot * index + slot / 2;
            return (
              <g key={day.day}>
                <Bar x={x - 24} y={y(day.conversations)} base={y(0)} color="var(--mantine-color-brand-6)" />
                <Bar x={x + 2} y={y(day.leads)} base={y(0)} color="var(--mantine-color-teal-5)" />
              </g>
            );
          })}
        </svg>
        <div className={classes.days} aria-hidden>
          {week.map((day) => (
            <span key={day.day}>{name(day.day, 'short')}</span>
          ))}
        </div>
        <div className={classes.axis} aria-hidden>
          <span>{top}</span>
          <span>{top / 2}</span>
          <span>0</span>
        </div>
        <table className="visually-hidden">
          <caption>{t('week.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('week.day')}</th>
              <th scope="col">{t('week.conversations')}</th>
              <th scope="col">{t('week.leads')}</th>
            </tr>
          </thead>
          <tbody>
            {week.map((day) => (
              <tr key={day.day}>
                <th scope="row">{name(day.day, 'long')}</th>
                <td>{day.conversations}</td>
                <td>{day.leads}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Bar({ x, y, base, color }: { x: number; y: number; base: number; color: string }) {
  const height = Math.max(0, base - y);
  return height === 0 ? null : <rect x={x} y={y} width={22} height={height} rx={Math.min(4, height / 2)} fill={color} />;
}
