// Why a time cannot be booked, in plain words.

import type { Obstacle } from '@frontdesk/api-client';
import { useTranslation } from 'react-i18next';
import { useFormatTime } from '../../ui/time';
import { useStaff } from './queries';

export function useObstacleText(): (obstacle: Obstacle) => string {
  const { t } = useTranslation('booking');
  const format = useFormatTime();
  const staff = useStaff();
  const at = (instant: string) => format(instant, 'datetime');
  const say = (obstacle: Obstacle): string => {
    switch (obstacle.obstacle) {
      case 'notice':
        return t('obstacle.notice', { time: at(obstacle.earliest) });
      case 'horizon':
        return t('obstacle.horizon', { time: at(obstacle.latest) });
      case 'holiday':
      case 'resource':
        return t(`obstacle.${obstacle.obstacle}`, { name: obstacle.name });
      case 'blocked':
        return obstacle.reason === '' ? t('obstacle.blocked') : t('obstacle.blockedFor', { reason: obstacle.reason });
      case 'booked':
      case 'busy':
        return t(`obstacle.${obstacle.obstacle}`, { time: at(obstacle.until) });
      case 'limit':
        return t(`obstacle.limit.${obstacle.per}`);
      case 'step': {
        const near = [obstacle.before, obstacle.after].filter((each): each is string => typeof each === 'string').map((each) => format(each, 'time'));
        return near.length === 0 ? t('obstacle.step') : t('obstacle.stepNear', { times: near.join(', ') });
      }
      default:
        return t(`obstacle.${obstacle.obstacle}`);
    }
  };
  return (obstacle) => {
    const name = typeof obstacle.staff_id === 'string' ? staff.get(obstacle.staff_id)?.name : undefined;
    return name === undefined ? say(obstacle) : t('obstacle.of', { name, text: say(obstacle) });
  };
}
