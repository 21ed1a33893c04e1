// The queue as people see it.

import type { Json, Timestamp } from './value';

export type JobState = 'waiting' | 'running' | 'retrying' | 'dead';

export interface QueueJob {
  id: string;
  /** Its constant name, such as `message.dispatch`. */
  kind: string;
  /** What it does, in plain words. */
  title: string;
  state: JobState;
  tries: number;
  /** Absent when it is tried until it succeeds. */
  most_tries?: number | null;
  last_error?: string | null;
  /** Absent for what runs or was given up. */
  next_at?: Timestamp | null;
  created_at: Timestamp;
  /** Ids of what it is about, by what they are. */
  about: Record<string, Json>;
}

/** How many jobs are in each state; counts stop at `most`. */
export interface JobCounts {
  waiting: number;
  running: number;
  retrying: number;
  dead: number;
  most: number;
}
