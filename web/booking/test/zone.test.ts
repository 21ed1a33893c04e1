import { describe, expect, it } from 'vitest';
import { allZones, city, civil, DAY, HOUR, offset, offsetText, searchZones, shiftBetween, startOfDay } from '../src/zone';

const at = Date.parse;
const iso = (time: number): string => new Date(time).toISOString();

describe('civil time', () => {
  it('reads the wall clock of a zone, half hours and date line included', () => {
    const noon = at('2026-03-18T12:00Z');
    expect(civil(noon, 'Asia/Kolkata')).toEqual({ day: '2026-03-18', hour: 17, minute: 30 });
    expect(civil(noon, 'Pacific/Kiritimati')).toEqual({ day: '2026-03-19', hour: 2, minute: 0 });
    expect(civil(noon, 'Pacific/Pago_Pago')).toEqual({ day: '2026-03-18', hour: 1, minute: 0 });
  });

  it('knows midnight as hour 0', () => {
    expect(civil(at('2026-03-18T00:00Z'), 'UTC').hour).toBe(0);
  });
});

describe('the start of a day', () => {
  it('is midnight on the wall clock', () => {
    expect(iso(startOfDay('2026-07-01', 'America/New_York'))).toBe('2026-07-01T04:00:00.000Z');
    expect(iso(startOfDay('2026-12-01', 'America/New_York'))).toBe('2026-12-01T05:00:00.000Z');
  });

  it('is the first instant there is where midnight is skipped', () => {
    // Clocks in Chile go forward at midnight, in 2026 on September 6.
    expect(civil(startOfDay('2026-09-06', 'America/Santiago'), 'America/Santiago')).toEqual({ day: '2026-09-06', hour: 1, minute: 0 });
  });

  it('holds in every zone on days on which clocks change', () => {
    for (const { zone } of allZones([], 'en', at('2026-06-01T00:00Z'))) {
      for (const day of ['2026-03-08', '2026-03-29', '2026-09-06', '2026-10-25', '2026-11-01']) {
        const start = startOfDay(day, zone);
        expect(civil(start, zone).day, zone).toBe(day);
        expect(civil(start - 60_000, zone).day < day, zone).toBe(true);
      }
    }
  });
});

describe('changes of clocks', () => {
  it('are found to the minute', () => {
    const found = shiftBetween(at('2026-10-20T00:00Z'), at('2026-10-30T00:00Z'), 'Europe/Berlin');
    expect(found && [iso(found.at), found.minutes]).toEqual(['2026-10-25T01:00:00.000Z', -60]);
    const spring = shiftBetween(at('2026-03-25T00:00Z'), at('2026-04-02T00:00Z'), 'Europe/Berlin');
    expect(spring && [iso(spring.at), spring.minutes]).toEqual(['2026-03-29T01:00:00.000Z', 60]);
  });

  it('of half an hour are found, too', () => {
    const found = shiftBetween(at('2026-04-01T00:00Z'), at('2026-04-10T00:00Z'), 'Australia/Lord_Howe');
    expect(found?.minutes).toBe(-30);
  });

  it('do not exist where there are none', () => {
    expect(shiftBetween(at('2026-01-01T00:00Z'), at('2026-01-01T00:00Z') + 300 * DAY, 'Asia/Tokyo')).toBeNull();
  });
});

describe('names', () => {
  it('of offsets and cities', () => {
    expect([0, 330, -570, 60].map(offsetText)).toEqual(['GMT', 'GMT+5:30', 'GMT-9:30', 'GMT+1']);
    expect(city('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
    expect(offset(at('2026-01-01T00:00Z') + HOUR, 'Asia/Kathmandu')).toBe(345);
  });

  it('are searched by city, region, common name and offset, without accents', () => {
    const zones = allZones(['Europe/Berlin'], 'en', at('2026-01-15T00:00Z'));
    expect(zones[0]?.zone).toBe('Europe/Berlin');
    expect(zones.length).toBeGreaterThan(300);
    const first = (search: string): string | undefined => searchZones(zones, search)[0]?.zone;
    expect(first('new york')).toBe('America/New_York');
    expect(first('são paulo')).toBe('America/Sao_Paulo');
    expect(searchZones(zones, 'eastern time').some(({ zone }) => zone === 'America/New_York')).toBe(true);
    expect(searchZones(zones, 'utc+5:45').some(({ zone }) => /Kat(h)?mandu/.test(zone))).toBe(true);
    expect(searchZones(zones, 'nowhere at all')).toEqual([]);
  });
});
