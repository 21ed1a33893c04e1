// The workspace and its looks.

import type { ColorScheme, Language } from './access';
import type { Timestamp } from './value';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Minutes after midnight; `to` is exclusive. */
export interface Stretch {
  from: number;
  to: number;
}
export type WeeklyHours = Partial<Record<Weekday, Stretch[]>>;

export interface BusinessFacts {
  description: string;
  address: string;
  phone: string;
  email: string;
  website: string;
}

export interface Theme {
  /** `#rrggbb` */
  accent: string;
  position: 'left' | 'right';
  scheme: ColorScheme;
  launcher_text: string;
}

export interface Onboarding {
  business: boolean;
  knowledge: boolean;
  agent: boolean;
  widget: boolean;
  dismissed: boolean;
}

export interface Workspace {
  id: string;
  name: string;
  slug: string;
  /** IANA zone. */
  zone: string;
  country: string;
  language: Language;
  facts: BusinessFacts;
  hours: WeeklyHours;
  theme: Theme;
  onboarding: Onboarding;
  created_at: Timestamp;
}
