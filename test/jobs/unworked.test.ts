/** Jobs of a hub that answers requests, and where nobody runs them. */
import { expect, onTestFinished, test } from 'vitest';
import { createNotices } from '../../src/database/notices.ts';
import { readSession } from '../../src/database/session.ts';
import { createContext } from '../../src/graphql/context.ts';
import { unworkedJobs } from '../../src/jobs/unworked.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { endOfSync } from '../../src/sources/sync-end.ts';
import { createSyncFeed, syncFeedSlot } from '../../src/sources/sync-feed.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { ingestOf } from '../support/import-folder.ts';
import { enqueue } from '../support/jobs.ts';
import { scriptedPlace } from '../support/scripted-place.ts';
import { addSource, syncing } from '../support/syncing.ts';

const database = await useTestDatabase();
const { owner } = database;

const unworked = (jobId: string | null = null) =>
  readSession(database.read, TESTER, (query) => unworkedJobs(query, 60, jobId));
const set = (values: string, ...ids: string[]) =>
  owner.query(`UPDATE jobs SET ${values} WHERE job_id = ANY($1)`, [ids]);
const SINCE = '2026-01-02T03:04:05.000Z';

test('jobs that nobody begins are found, and no others: not what is new or put off, and none while somebody works', async () => {
  expect(await unworked()).toBeUndefined();
  const [old, other, fresh] = [
    await enqueue(database, { kind: 'a' }),
    await enqueue(database, { kind: 'b' }),
    await enqueue(database, { kind: 'a' }),
  ];
  expect(await unworked()).toBeUndefined();
  await set("not_before = now() + interval '1 hour'", fresh);
  await set(`not_before = '${SINCE}'`, old, other);
  expect(await unworked()).toEqual({ waiting: 2, since: new Date(SINCE) });
  expect(await unworked(old)).toEqual({ waiting: 1, since: new Date(SINCE) });
  expect(await unworked(fresh)).toBeUndefined();

  await set("status = 'running', started_at = now() - interval '1 day', lease_until = now() + interval '10 s'", other);
  expect(await unworked()).toBeUndefined();
  await set(`lease_until = '${SINCE}'`, other);
  expect(await unworked()).toEqual({ waiting: 2, since: new Date(SINCE) });
  await set("status = 'completed', lease_until = NULL, finished_at = now()", other);
  expect(await unworked()).toBeUndefined();
  // Which anybody may write.
  await set("status = 'cancelled'", other);
  expect(await unworked()).toEqual({ waiting: 1, since: new Date(SINCE) });
  await owner.query('DELETE FROM jobs');
});

test('whoever waits for a sync that nobody begins is told so, and what to do; one that is begun is waited for', async () => {
  const notices = createNotices(database.apiUrl, silentLog());
  const feed = createSyncFeed(database.read, notices);
  onTestFinished(async () => {
    feed.close();
    await notices.close();
  });
  const context = createContext({ actor: TESTER, requestId: 'waits', log: silentLog(), database });
  syncFeedSlot.set(context, feed);
  const { request } = await syncing(database, ingestOf(database, []), scriptedPlace());
  const jobId = await request(await addSource(database));
  await endOfSync(context, jobId, 50);
  await set(`not_before = '${SINCE}'`, jobId);
  await expect(endOfSync(context, jobId, 50)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('no process of this hub runs jobs'),
    hint: expect.stringContaining('--role worker'),
  });
  await set("status = 'running', lease_until = now() + interval '1 minute'", jobId);
  await endOfSync(context, jobId, 50);
});
