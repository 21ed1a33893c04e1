// How far contacts came, as shares of those who entered.

import type { FunnelStep } from '@frontdesk/api-client';

export const PARTS = ['done', 'otherwise', 'waiting', 'skipped', 'failed'] as const satisfies readonly (keyof FunnelStep)[];
export type Part = (typeof PARTS)[number];

/** All that happened at a step: more than came to it where it is done several times, as a follow-up is. */
export const deeds = (step: FunnelStep): number => PARTS.reduce((sum, part) => sum + step[part], 0);

/** How many came to a step. */
export const cameTo = (step: FunnelStep, entered: number): number => Math.min(deeds(step), entered);

/** How much of the whole bar a part of a step takes, in percent: the parts together are as long as many came. */
export const shareOf = (step: FunnelStep, part: Part, entered: number): number => percent(step[part], deeds(step)) * (percent(cameTo(step, entered), entered) / 100);

/** A share in percent; 0 of nothing. */
export const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100);
