/** What every connector promises of a place where something is wrong: the right error, never a short file, never a wrong delete. */
import { describe, expect, test } from 'vitest';
import { type Connector, ConnectorError } from '../../src/sources/connector.ts';
import { createFollower, type Follower, failure, fetchItem } from '../support/follower.ts';
import type { FaultPoint, ProviderFake, ProviderFault, ProviderPlace } from '../support/provider-fake.ts';
import { loadPairs, usePlaces } from './connector-fakes.ts';

const { pairs } = await loadPairs();
const open = usePlaces();
const LONG = 'A line that is long enough to be cut in its middle.\n'.repeat(4000);

describe.each(pairs)('$id', ({ connector, fake }) => {
  const withFault = (kind: ProviderFault['kind']): typeof test =>
    test.runIf(fake.impossible?.[kind] === undefined) as typeof test;

  test('what its provider cannot do has a reason', () => {
    for (const [kind, reason] of Object.entries(fake.impossible ?? {})) expect(reason, kind).not.toBe('');
  });

  withFault('rate-limit')('a limit is thrown with the wait that was asked for, and nothing waits here', async () => {
    const { place, follower } = await world(fake, connector);
    const before = performance.now();
    for (const point of pointsOf(connector)) {
      const error = await strike(place, follower, connector, point, { kind: 'rate-limit', retryAfter: 7 });
      expect(error).toMatchObject({ kind: 'rate-limit' });
      expect(Object(error).retryAfterMs).toBeGreaterThanOrEqual(7000);
      expect(Object(error).retryAfterMs).toBeLessThan(9000);
    }
    expect(performance.now() - before).toBeLessThan(6000);
  });

  withFault('server-error')('a fault of the place is transient, and the next pass is whole', async () => {
    const { place, follower, ids } = await world(fake, connector);
    for (const status of [500, 503]) {
      for (const point of pointsOf(connector)) {
        const error = await strike(place, follower, connector, point, { kind: 'server-error', status });
        expect(error).toBeInstanceOf(ConnectorError);
        expect(['transient', 'rate-limit']).toContain(Object(error).kind);
      }
    }
    await follower.follow();
    for (const id of ids) expect(follower.world.has(id)).toBe(true);
  });

  withFault('cut')(
    'a listing that is cut is transient; a download is never short, and goes on from where it was',
    async () => {
      const { place, follower, ids } = await world(fake, connector);
      const error = await strike(place, follower, connector, 'list', { kind: 'cut', afterBytes: 30 });
      expect(error).toMatchObject({ kind: 'transient' });
      await follower.follow();
      const item = follower.world.get(ids[0] ?? '');
      if (item === undefined) throw new Error('The long one was not told of');
      place.fault('download', { kind: 'cut', afterBytes: 5000 });
      const had: Uint8Array[] = [];
      const reading = async (): Promise<void> => {
        const { id, path, version, kind, mediaType } = item;
        const download = await connector.download({ id, path, version, kind, mediaType }, {}, place.context());
        for await (const part of download.body) had.push(part);
      };
      expect(await failure(reading())).toMatchObject({ kind: 'transient' });
      place.heal();
      const got = Buffer.concat(had);
      if (!connector.capabilities.rangeDownload || item.kind !== 'file') return;
      const rest = await fetchItem(connector, place.context(), item, { offset: got.length, had: got });
      expect(rest.toString()).toBe(LONG);
    },
  );

  withFault('lie')('other bytes than were told are found by the hash', async () => {
    const { place, follower } = await world(fake, connector);
    const hashed = [...follower.world.values()].find(({ hash }) => hash !== undefined && hash.algorithm !== 'etag');
    if (hashed === undefined) return expect(connector.capabilities.hash.filter((hash) => hash !== 'etag')).toEqual([]);
    place.fault('download', { kind: 'lie' });
    expect(await failure(fetchItem(connector, place.context(), hashed))).toBeInstanceOf(ConnectorError);
  });

  withFault('html')('a page for browsers is not taken for the content', async () => {
    const { place, follower } = await world(fake, connector);
    const error = await strike(place, follower, connector, 'download', { kind: 'html' });
    expect(error).toBeInstanceOf(ConnectorError);
  });

  withFault('expired-token')('a token that is refused says so, and a new one opens the place', async () => {
    const { place, follower, ids } = await world(fake, connector);
    for (const point of pointsOf(connector)) {
      const token = await place.context().auth.get();
      const error = await strike(place, follower, connector, point, { kind: 'expired-token' });
      expect(error).toMatchObject({ kind: 'auth-expired' });
      await place.context().auth.get({ rejected: token.accessToken });
    }
    await follower.follow();
    for (const id of ids) expect(follower.world.has(id)).toBe(true);
  });

  withFault('revoked-token')('a grant that is gone is said to be gone', async () => {
    const { place, follower } = await world(fake, connector);
    place.fault('list', { kind: 'revoked-token' });
    const first = Object(await failure(follower.follow({ full: true })));
    if (first.kind !== 'auth-revoked') {
      expect(first.kind).toBe('auth-expired');
      const { accessToken } = await place.context().auth.get();
      const asked = place.context().auth.get({ rejected: accessToken });
      expect(await failure(asked)).toMatchObject({ kind: 'auth-revoked' });
    }
    expect(follower.world.size).toBeGreaterThan(0);
  });

  withFault('cursor-lost')('a cursor that is too old leads to a reset and a full listing', async () => {
    const { place, follower, ids } = await world(fake, connector);
    await place.remove('notes/n1.txt');
    place.fault('list', { kind: 'cursor-lost' });
    const events = await follower.follow();
    expect(events[0]).toMatchObject({ type: 'reset' });
    expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
    expect(ids.filter((id) => !follower.world.has(id)).length).toBe(1);
  });

  test('a cursor of nobody leads to a reset and a full listing', async () => {
    const { follower, ids } = await world(fake, connector);
    const events = await follower.follow({ from: '{"no":"cursor"}' });
    expect(events[0]).toMatchObject({ type: 'reset' });
    expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
    for (const id of ids) expect(follower.world.has(id)).toBe(true);
  });

  withFault('duplicate-page')('a page that comes twice changes nothing', async () => {
    const { place, follower } = await world(fake, connector);
    const before = [...follower.world.keys()].sort();
    place.fault('list', { kind: 'duplicate-page' });
    await follower.follow({ full: true });
    expect([...follower.world.keys()].sort()).toEqual(before);
  });

  withFault('repeat-for-ever')('a listing that never ends is ended with a fault', async () => {
    const { place, follower } = await world(fake, connector);
    const before = place.requests('list');
    place.fault('list', { kind: 'repeat-for-ever' }, 500);
    expect(await failure(follower.follow({ full: true }))).toBeInstanceOf(ConnectorError);
    expect(place.requests('list') - before).toBeLessThan(100);
  });

  test('a pass that was broken off goes on after its last checkpoint', async () => {
    const place = await open(fake);
    const ids: string[] = [];
    for (let number = 0; number < 10; number += 1) ids.push(await place.put(`notes/n${number}.txt`, `note ${number}`));
    const follower = createFollower(connector, place.context);
    for await (const event of connector.listChanges(null, place.context())) {
      if (event.type === 'checkpoint') {
        const rest = await collect(connector, place, event.cursor);
        expect(rest.at(-1)).toBe('full');
        break;
      }
    }
    await follower.follow();
    for (const id of ids) expect(follower.world.has(id)).toBe(true);
  });
});

async function collect(connector: Connector, place: ProviderPlace, from: string): Promise<string[]> {
  const told: string[] = [];
  for await (const event of connector.listChanges(from, place.context())) {
    told.push(event.type === 'complete' ? event.coverage : event.type);
  }
  return told;
}

/** A place of some notes and a long one, listed once. */
async function world(
  fake: ProviderFake,
  connector: Connector,
): Promise<{ place: ProviderPlace; follower: Follower; ids: string[] }> {
  const place = await open(fake);
  const ids = [await place.put('notes/long.txt', LONG)];
  for (let number = 0; number < 7; number += 1) ids.push(await place.put(`notes/n${number}.txt`, `note ${number}`));
  const follower = createFollower(connector, place.context);
  await follower.follow();
  return { place, follower, ids };
}

function pointsOf(connector: Connector): readonly FaultPoint[] {
  return connector.capabilities.write === false ? ['list', 'download'] : ['list', 'download', 'upload'];
}

/** What the connector throws when the fault meets its next request of this kind. */
async function strike(
  place: ProviderPlace,
  follower: Follower,
  connector: Connector,
  point: FaultPoint,
  fault: ProviderFault,
): Promise<unknown> {
  place.fault(point, fault);
  const item = [...follower.world.values()].find(({ hasContent }) => hasContent);
  if (item === undefined) throw new Error('There is nothing to download');
  const attempts = {
    list: () => follower.follow({ full: true }),
    download: () => fetchItem(connector, place.context(), item),
    upload: () => uploadText(connector, place, `notes/uploaded-${fault.kind}.txt`),
    any: () => connector.check(place.context()),
  };
  const error = await failure(attempts[point]());
  place.heal();
  return error;
}

async function uploadText(connector: Connector, place: ProviderPlace, path: string): Promise<unknown> {
  const bytes = Buffer.from('written by us');
  return connector.upload?.(
    { path, size: bytes.length, open: (offset) => new Blob([bytes.subarray(offset)]).stream(), replaces: 'any' },
    place.context(),
  );
}
