import { expect, test } from 'vitest';
import { timingOf } from '../../../src/sources/schedules/sync-frequency.ts';
import { checkedTiming, nextRun } from '../../../src/sources/schedules/timing.ts';

const at = (text: string): Date => new Date(text);
const next = (asked: Parameters<typeof checkedTiming>[0], now: string, since?: string): string | undefined =>
  nextRun(checkedTiming(asked), at(now), since === undefined ? undefined : at(since))?.toISOString();

test('a nightly run keeps its hour on the wall through both changes of the clock', () => {
  const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Vienna' };
  expect(next(nightly, '2026-03-27T12:00:00Z')).toBe('2026-03-28T01:30:00.000Z');
  // 02:30 does not exist on the 29th: it runs once that day, not never and not twice.
  const spring = next(nightly, '2026-03-28T12:00:00Z') ?? '';
  expect(spring.slice(0, 10)).toBe('2026-03-29');
  expect(next(nightly, spring)).toBe('2026-03-30T00:30:00.000Z');
  // 02:30 comes twice on the 25th of October, and the run once.
  const autumn = next(nightly, '2026-10-24T12:00:00Z') ?? '';
  expect(autumn).toBe('2026-10-25T00:30:00.000Z');
  expect(next(nightly, autumn)).toBe('2026-10-26T01:30:00.000Z');
});

test('missed turns of an interval are one turn, and it keeps its beat', () => {
  const every = { intervalSeconds: 300 };
  expect(next(every, '2026-01-01T00:00:01Z', '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:05:00.000Z');
  expect(next(every, '2026-01-01T00:05:00Z', '2026-01-01T00:00:00Z')).toBe('2026-01-01T00:10:00.000Z');
  expect(next(every, '2026-01-03T07:31:07Z', '2026-01-01T00:00:00Z')).toBe('2026-01-03T07:35:00.000Z');
  expect(next({}, '2026-01-01T00:00:00Z')).toBeUndefined();
});

test('the words of a frequency are read, and what they cannot mean is refused with a hint', () => {
  expect(timingOf('5 minutes')).toMatchObject({ frequency: 'interval', interval_seconds: 300 });
  expect(timingOf('every hour')).toMatchObject({ frequency: 'interval', interval_seconds: 3600 });
  expect(timingOf('Hourly')).toMatchObject({ frequency: 'cron', cron: '0 * * * *' });
  expect(timingOf('0  4 * * 1-5', 'America/New_York')).toMatchObject({
    cron: '0 4 * * 1-5',
    time_zone: 'America/New_York',
  });
  expect(timingOf('manual')).toBeNull();
  expect(timingOf(null)).toBeNull();
  for (const words of ['now and then', '0 minutes', '99 99 * * *', '0 0 30 2 *', '* * * * * *', '9999999 days'])
    expect(() => timingOf(words), words).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  expect(() => checkedTiming({ cron: '0 3 * * *', timeZone: 'Europe/Atlantis' })).toThrow(/time zone/);
  expect(() => checkedTiming({ cron: '0 3 * * *', intervalSeconds: 60 })).toThrow(/both/);
});
