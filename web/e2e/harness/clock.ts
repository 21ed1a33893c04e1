// A server's own clock: a test that must not depend on the hour or the weekday it runs at begins on a weekday at noon in
// New York, and what is due in minutes is due in seconds.

/** How many of the server's seconds pass in one of the machine's. */
const SPEED = 10;
const NOON_UTC_HOUR = 17;
const DAY_MS = 86_400_000;

export class FastClock {
  private readonly since: number;

  constructor(machine = Date.now()) {
    // Shown is `since + (machine - since) * SPEED`.
    this.since = Math.round((machine * SPEED - lastNoonOfAWeekday(machine)) / (SPEED - 1));
  }

  /** What `FRONTDESK_CLOCK` is set to. */
  get setting(): string {
    return `${SPEED}@${new Date(this.since).toISOString()}`;
  }

  /** What the server takes for now. */
  now(): number {
    return this.since + (Date.now() - this.since) * SPEED;
  }
}

function lastNoonOfAWeekday(machine: number): number {
  const noon = new Date(machine);
  noon.setUTCHours(NOON_UTC_HOUR, 0, 0, 0);
  while (noon.getTime() > machine || noon.getUTCDay() === 0 || noon.getUTCDay() === 6) noon.setTime(noon.getTime() - DAY_MS);
  return noon.getTime();
}

/** The first quarter of an hour from `now` on that these words name, as an American writes it: “December 1 at 9 am”, or 9:15. */
export function momentIn(words: string, zone: string, now: number): number {
  const day = new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'long', day: 'numeric' });
  const time = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', minute: '2-digit' });
  const said = plain(words);
  const isNamed = (part: string) => new RegExp(`(?<![\\d:])${plain(part)}(?!\\d)`).test(said);
  const quarter = 15 * 60_000;
  const first = Math.ceil(now / quarter) * quarter;
  for (let moment = first; moment < now + 60 * DAY_MS; moment += quarter) {
    const at = time.format(moment);
    if (isNamed(day.format(moment)) && (isNamed(at) || isNamed(at.replace(':00', '')))) return moment;
  }
  throw new Error(`no time of ${zone} is named in: ${words}`);
}

/** Without the capitals and spaces that differ from one writer to the next. */
function plain(words: string): string {
  return words.toLowerCase().replace(/\s+/g, ' ');
}
