/** What goes wrong with one item is a line with a reason; what goes wrong with the place ends the run and loses nothing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asAppError } from '../../../src/kernel/errors.ts';
import { ConnectorError, type ConnectorErrorKind } from '../../../src/sources/connector.ts';
import { runSync } from '../../../src/sources/sync/run-sync.ts';
import { useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { hashOf, scriptedPlace, streamOf } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, documentsOf, itemsOf, syncing, worldOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

const failing = (kind: ConnectorErrorKind, retryAfterMs?: number) =>
  new ConnectorError(kind, `It is ${kind}`, { retryAfterMs });

test('an item that fails says why and when it is tried again, and its neighbours are read', async () => {
  const place = scriptedPlace();
  for (const kind of ['forbidden', 'not-found', 'too-large', 'quota'] as const) place.put(`${kind}.txt`, kind);
  place.put('channels_bad.jsonl', Buffer.from([0x7b, 0xff, 0xfe, 0x81, 0x0a]));
  place.put('fine.txt', 'fine');
  place.onDownload = (_ref, download) => download;
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  const byName = new Map(place.files().map(({ id, path }) => [id, path.replace('.txt', '')]));
  const refuse = (id: string) => byName.get(id) as ConnectorErrorKind;
  place.onDownload = (ref, download) => {
    if (['fine', 'channels_bad.jsonl'].includes(byName.get(ref.id) ?? '')) return download;
    throw failing(refuse(ref.id));
  };
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 5, created: 1 });
  const { rows: told } = await database.owner.query(
    "SELECT progress_data -> 'errors' AS errors FROM sync_jobs WHERE source_id = $1",
    [sourceId],
  );
  const errors = { FORBIDDEN: 1, NOT_FOUND: 1, TOO_LARGE: 1, QUOTA: 1, FILE_ENCODING: 1 };
  expect(told).toEqual([{ errors }]);
  const items = await itemsOf(database, sourceId);
  const codes = Object.fromEntries(items.map(({ external_path: path, error }) => [path, error?.code]));
  expect(codes).toMatchObject({ 'forbidden.txt': 'FORBIDDEN', 'too-large.txt': 'TOO_LARGE', 'fine.txt': undefined });
  expect(codes['channels_bad.jsonl']).toBe('FILE_ENCODING');
  const forbidden = items.find(({ external_path: path }) => path === 'forbidden.txt');
  expect(forbidden).toMatchObject({ sync_status: 'failed', attempts: 1 });
  expect((forbidden?.retry_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000);
  place.onDownload = undefined;
  expect(await sync(sourceId)).toMatchObject({ processed: 0 });
  await database.owner.query('UPDATE sync_items SET retry_at = now() WHERE source_id = $1 AND retry_at IS NOT NULL', [
    sourceId,
  ]);
  expect(await sync(sourceId)).toMatchObject({ created: 4, failed: 0 });
});

test('where a listing tells an etag alone, the checksum that comes with the content proves it', async () => {
  const place = scriptedPlace();
  const hash = { algorithm: 'etag', value: 'e1' } as const;
  place.put('true.txt', 'true', { hash });
  place.put('lie.txt', 'true', { hash });
  const [{ id: trueId = '' } = {}] = place.files();
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  place.onDownload = (ref, download) => ({
    ...download,
    hash: { algorithm: 'sha256', value: hashOf('true') },
    body: streamOf(Buffer.from(ref.id === trueId ? 'true' : 'lies')),
  });
  expect(await sync(sourceId)).toMatchObject({ created: 1, failed: 1 });
  expect(await documentsOf(database, sourceId)).toEqual({ 'true.txt': 'true' });
});

test('a limit puts the run off for as long as the place asks, and it goes on where it was', async () => {
  const place = scriptedPlace({ pageSize: 2 });
  for (let n = 0; n < 12; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  let isLimited = true;
  place.onEvent = (event, count) => {
    if (isLimited && count === 7) {
      isLimited = false;
      throw failing('rate-limit', 1234);
    }
    return event;
  };
  const limited = await sync(sourceId).catch(asAppError);
  expect(limited).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1234 });
  const told: string[] = [];
  place.onEvent = (event) => {
    if (event.type === 'upsert') told.push(event.item.name);
    return event;
  };
  expect(await sync(sourceId)).toMatchObject({ status: 'completed' });
  expect(told.length).toBeLessThan(12);
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('what breaks off in words that are not a connector’s is the place’s fault, and the source has not failed: it is tried again', async () => {
  const place = scriptedPlace();
  place.put('one.txt', 'one');
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  place.onEvent = () => {
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  };
  await expect(sync(sourceId)).rejects.toThrow('ECONNRESET');
  const { rows } = await database.owner.query(
    "SELECT last_sync_status, error ->> 'code' AS code FROM data_sources WHERE source_id = $1",
    [sourceId],
  );
  expect(rows).toEqual([{ last_sync_status: null, code: 'SOURCE_UNAVAILABLE' }]);
});

test('a grant that is revoked in the middle asks for a new one and keeps the cursor', async () => {
  const place = scriptedPlace({ pageSize: 2 });
  for (let n = 0; n < 6; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  place.onDownload = () => {
    throw failing('auth-revoked');
  };
  await expect(sync(sourceId)).rejects.toMatchObject({ code: 'NEEDS_REAUTH' });
  const { rows } = await database.owner.query(
    'SELECT connection_status, last_sync_status, s.cursor FROM data_sources d JOIN source_states s USING (source_id) WHERE source_id = $1',
    [sourceId],
  );
  expect(rows).toEqual([{ connection_status: 'needs_reauth', last_sync_status: 'failed', cursor: 'delta:0:12' }]);
  place.onDownload = undefined;
  expect(await sync(sourceId)).toMatchObject({ found: 0, created: 6 });
});

test('a token that has expired is renewed once, and the second refusal is the end of the grant', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 6; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  let valid = 'second';
  const asked: (string | undefined)[] = [];
  Object.assign(house, {
    openContext: async (_source: unknown, _connector: unknown, signal: AbortSignal) => ({
      ...place.context(signal),
      auth: {
        get: async ({ rejected }: { rejected?: string } = {}) => {
          asked.push(rejected);
          return { accessToken: rejected === undefined ? 'first' : 'second' };
        },
      },
    }),
    connectorOf: async () => ({
      ...place.connector,
      download: async (...[ref, options, context]: Parameters<typeof place.connector.download>) => {
        const { accessToken } = await context.auth.get();
        if (accessToken !== valid) throw failing('auth-expired');
        return place.connector.download(ref, options, context);
      },
    }),
  });
  expect(await sync(sourceId)).toMatchObject({ created: 6 });
  expect(asked).toContain('first');
  valid = 'none';
  place.put('new.txt', 'new');
  await expect(sync(sourceId)).rejects.toMatchObject({ code: 'NEEDS_REAUTH' });
});

test('a cut download goes on where it ended, also in another attempt; a lie and a page in its place are not kept', async () => {
  const place = scriptedPlace();
  const long = 'x'.repeat(300_000);
  place.put('long.txt', long);
  place.put('lie.txt', 'the truth');
  place.put('page.csv', 'a,b\n', { hash: undefined });
  const [{ id: longId = '' } = {}, { id: lieId = '' } = {}] = place.files();
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  const offsets: number[] = [];
  place.onDownload = (ref, download, offset) => {
    if (ref.id === lieId) return { ...download, body: streamOf(Buffer.from('the trust')) };
    if (ref.id !== longId)
      return { ...download, size: undefined, body: streamOf(Buffer.from('<!doctype html><p>Sign in')) };
    offsets.push(offset);
    const part = Buffer.from(long).subarray(offset, offset + 50_000);
    return { ...download, body: cutAfter(part, offset + part.length < long.length) };
  };
  expect(await sync(sourceId)).toMatchObject({ created: 1, failed: 2 });
  expect(offsets).toEqual([0, 50_000, 100_000, 150_000, 200_000, 250_000]);
  expect(await documentsOf(database, sourceId)).toEqual({ 'long.txt': long });
  const errors = (await itemsOf(database, sourceId)).map(({ external_path: path, error }) => [path, error?.code]);
  expect(errors).toEqual([
    ['lie.txt', 'TRANSIENT'],
    ['long.txt', undefined],
    ['page.csv', 'FORBIDDEN'],
  ]);
  expect(await readdir(join(house.spool, sourceId))).toEqual([]);
});

/** The part, then a broken connection unless it is the rest. */
function cutAfter(part: Buffer, isCut: boolean): ReadableStream<Uint8Array> {
  const parts = [part];
  return new ReadableStream({
    pull: (controller) => {
      const next = parts.shift();
      if (next !== undefined) controller.enqueue(next);
      else if (isCut) controller.error(new ConnectorError('transient', 'cut'));
      else controller.close();
    },
  });
}

test('a listing that goes round in circles ends with a fault, and nothing is taken as gone', async () => {
  const place = scriptedPlace({ capabilities: { changes: 'listing', deletes: 'sweep' } });
  for (let n = 0; n < 5; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  await sync(sourceId);
  const [file] = place.files();
  const item = {
    id: file?.id ?? '',
    kind: 'file',
    name: '0.txt',
    path: '0.txt',
    version: file?.version ?? '',
    hasContent: true,
  } as const;
  for (const more of [{ type: 'checkpoint', cursor: 'same' }, undefined] as const) {
    const connector = {
      ...place.connector,
      async *listChanges() {
        for (;;) {
          yield { type: 'upsert', item } as const;
          if (more !== undefined) yield more;
        }
      },
    };
    Object.assign(house, { connectorOf: async () => connector });
    await expect(sync(sourceId)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  }
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('a process that lost the job to another writes nothing', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 6; n += 1)
    place.put(`${n < 3 ? 'channels_' : ''}4${n}.jsonl`, `{"channel_id": "c4${n}", "name": "N"}\n`);
  const sourceId = await addSource(database);
  const { request, begin, house } = await syncing(database, ingest, place);
  const jobId = await request(sourceId);
  expect(await request(sourceId)).toBe(jobId);
  const zombie = await begin(jobId);
  await database.owner.query("UPDATE jobs SET status = 'queued', lease_until = NULL WHERE job_id = $1", [jobId]);
  const other = await begin(jobId);
  await expect(runSync(house, zombie)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await itemsOf(database, sourceId)).toEqual([]);
  expect(await runSync(house, other)).toMatchObject({ created: 6 });
});

test('a zombie that has read everything cannot commit what it read', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 4; n += 1) place.put(`channels_5${n}.jsonl`, `{"channel_id": "c5${n}", "name": "N"}\n`);
  const sourceId = await addSource(database);
  const { request, begin, house } = await syncing(database, ingest, place);
  const jobId = await request(sourceId);
  const zombie = await begin(jobId);
  place.onDownload = async (_ref, download) => {
    await database.owner.query('UPDATE jobs SET attempts = 9 WHERE job_id = $1', [jobId]);
    return download;
  };
  await expect(runSync(house, zombie)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const { rows } = await database.owner.query("SELECT channel_id FROM channels WHERE channel_id LIKE 'c5%'");
  expect(rows).toEqual([]);
  expect((await itemsOf(database, sourceId)).map(({ sync_status: status }) => status)).toEqual(
    Array(4).fill('pending'),
  );
});
