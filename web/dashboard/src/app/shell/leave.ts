import { stopLive } from '../live';

/** Ends the session on this page: a fresh load of the sign-in page, so that nothing of the person stays in memory. */
export function leave(): void {
  stopLive();
  location.assign('/sign-in');
}
