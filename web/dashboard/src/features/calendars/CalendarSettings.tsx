import { Calendars } from './Calendars';
import { Calendly } from './Calendly';

/** The calendars section: what is connected, and what can be brought over. */
export function CalendarSettings() {
  return (
    <>
      <Calendars />
      <Calendly />
    </>
  );
}
