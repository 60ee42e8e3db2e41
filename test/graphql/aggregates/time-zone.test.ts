/** Days and months by the clocks of a place, against Intl asked minute by minute. */
import { beforeAll, expect, test } from 'vitest';
import { endOf, labelOf, readTimeZone, type Stretch, startOf } from '../../../src/graphql/aggregates/time-zone.ts';
import { groupsOf, labelAt, localDate } from '../../support/aggregate-oracle.ts';
import { useTestDatabase } from '../../support/database.ts';
import { dataAt, graphqlOver } from '../../support/graphql.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Nights in which clocks change, and what they are for. */
const NIGHTS: readonly (readonly [zone: string, night: string])[] = [
  ['Europe/Berlin', '2025-03-30T01:00Z'],
  ['Europe/Berlin', '2025-10-26T01:00Z'],
  ['America/New_York', '2025-03-09T07:00Z'],
  ['America/New_York', '2025-11-02T06:00Z'],
  // Midnight comes twice.
  ['America/Havana', '2025-11-02T05:00Z'],
  // There is no midnight.
  ['Asia/Beirut', '2025-03-29T22:00Z'],
  // By half an hour.
  ['Australia/Lord_Howe', '2025-04-05T15:00Z'],
  ['Asia/Kathmandu', '2025-01-01T00:00Z'],
];

const INSTANTS = NIGHTS.flatMap(([, night]) =>
  Array.from({ length: 96 }, (_, half) => new Date(Date.parse(night) - DAY + half * 30 * MINUTE)),
);

beforeAll(async () => {
  await database.owner.query(
    `INSERT INTO videos (video_id, source_url, title, created_date)
     SELECT 'V-' || n, 'https://example.org', 'T', at FROM unnest($1::timestamptz[]) WITH ORDINALITY AS x(at, n)`,
    [INSTANTS],
  );
});

const zones = [...new Set(NIGHTS.map(([zone]) => zone))];

test.each(
  zones.flatMap((zone) => ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'].map((bucket) => [bucket, zone] as const)),
)('rows are counted by the %s of clocks in %s', async (bucket, zone) => {
  const answer = await ask(
    `{ videosAggregate { groups(by: [CREATED_DATE_${bucket}], timeZone: "${zone}", first: 100) {
           nodes { key { createdDate { label unit timeZone } } count } } } }`,
  );
  const groups = [
    ...groupsOf(
      INSTANTS.map((at) => ({ at })),
      ({ at }) => [at instanceof Date ? labelAt(at, bucket, zone) : ''],
    ),
  ];
  const expected = groups
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, rows]) => ({ key: { createdDate: { label, unit: bucket, timeZone: zone } }, count: rows.length }));
  expect(dataAt(answer, 'videosAggregate.groups.nodes')).toEqual(expected);
});

test.each(NIGHTS)('in %s the days around %s begin and end when clocks say so', (timeZone, night) => {
  for (const around of [-1, 0, 1]) {
    const date = localDate(new Date(Date.parse(night) + around * DAY), timeZone);
    const stretch: Stretch = { bucket: 'day', timeZone, first: new Date(`${date}T00:00Z`) };
    const minutes = Array.from(
      { length: 4 * 1440 },
      (_, minute) => Date.parse(`${date}T00:00Z`) - 2 * DAY + minute * MINUTE,
    );
    const within = minutes.filter((minute) => localDate(new Date(minute), timeZone) === date);
    expect([startOf(stretch).getTime(), endOf(stretch).getTime() - MINUTE]).toEqual([within.at(0), within.at(-1)]);
    expect(labelOf(stretch)).toBe(date);
  }
});

test('a day that a place left out begins when the next one does', () => {
  const apia = (date: string): Stretch => ({
    bucket: 'day',
    timeZone: 'Pacific/Apia',
    first: new Date(`${date}T00:00Z`),
  });
  expect(startOf(apia('2011-12-31')).toISOString()).toBe('2011-12-30T10:00:00.000Z');
  expect(endOf(apia('2011-12-29')).toISOString()).toBe('2011-12-30T10:00:00.000Z');
});

test.each<readonly [Stretch['bucket'], string, string, string]>([
  ['week', '2024-12-30', '2025-W01', '2025-01-06'],
  ['week', '2026-12-28', '2026-W53', '2027-01-04'],
  ['month', '2024-02-01', '2024-02', '2024-03-01'],
  ['quarter', '2025-10-01', '2025-Q4', '2026-01-01'],
  ['year', '0099-01-01', '0099', '0100-01-01'],
  ['year', '9999-01-01', '9999', '+010000-01-01'],
])('a %s from %s is %s and ends at %s', (bucket, first, label, end) => {
  const stretch: Stretch = { bucket, timeZone: 'UTC', first: new Date(`${first}T00:00:00Z`) };
  expect(labelOf(stretch)).toBe(label);
  expect(endOf(stretch).toISOString()).toBe(`${end}T00:00:00.000Z`);
});

test('every zone that is taken is known to the database', async () => {
  const { rows } = await database.owner.query<{ name: string }>('SELECT name FROM pg_timezone_names');
  const known = new Set(rows.map(({ name }) => name));
  const taken = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Etc/GMT+2', 'US/Eastern', 'europe/berlin', 'EST'].map(
    readTimeZone,
  );
  expect(taken.filter((zone) => !known.has(zone))).toEqual([]);
});
