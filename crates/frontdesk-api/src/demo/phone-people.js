// What stays when the page is closed: whose phone it is, and what was seen on it.

const KEPT = 'frontdesk.handset';
const MOST_PEOPLE = 8;
const NAMES = [
  'Robin Ashby', 'Noor Haddad', 'Mateo Silva', 'June Park', 'Tessa Lindholm', 'Caleb Osei', 'Ivy Marlowe', 'Sam Okafor',
  'Lena Brandt', 'Kiran Mehta', 'Rosa Delgado', 'Theo Marchetti', 'Amara Nwosu', 'Felix Hartmann', 'Yuki Tanaka', 'Nell Carver',
];
/** New Jersey, as the business; 555-01xx is given to nobody. */
const AREAS = ['201', '732', '862', '908'];

/** People, the one who holds the phone first, and the last message each has seen in each app. */
export const kept = load();

function load() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    const isWhole = (person) => typeof person?.name === 'string' && /^\+\d{7,15}$/.test(person?.number);
    const people = Array.isArray(found?.people) ? found.people.filter(isWhole) : [];
    if (people.length > 0) return { people, seen: found.seen ?? {} };
  } catch {
    // Storage is switched off or holds something else: the phone starts anew.
  }
  return { people: [somebody([])], seen: {} };
}

/** Remembers it all. */
export function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // The phone works without memory, too.
  }
}

/** The first is the one who holds the phone. */
export function owner() {
  return kept.people[0];
}

/** A person who is none of these. */
export function somebody(others) {
  const pick = (list) => list[crypto.getRandomValues(new Uint32Array(1))[0] % list.length];
  const last = Array.from({ length: 100 }, (_, at) => String(at).padStart(2, '0'));
  for (;;) {
    const number = `+1${pick(AREAS)}55501${pick(last)}`;
    const name = pick(NAMES);
    if (!others.some((other) => other.number === number || other.name === name)) return { name, number };
  }
}

/** Gives the phone to somebody. */
export function give(person) {
  kept.people = [person, ...kept.people.filter((other) => other.number !== person.number)].slice(0, MOST_PEOPLE);
  keep();
}
