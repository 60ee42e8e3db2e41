import { expect, test } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { readSourceFigures } from '../../../src/server/metrics/source-figures.ts';
import { openWorkerServer } from '../../../src/server/worker-server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { sampleOf, scrape } from '../../support/metrics.ts';
import { seedSource, seedSourceRows } from '../../support/sources.ts';

const database = await useTestDatabase();
const { owner } = database;
const config = { host: '127.0.0.1', workerPort: 0, adminToken: 'admin-token-of-the-tests' };

test('a process that only works tells its health to anybody, and how sources are to whoever has a token', async () => {
  const shared = await seedSource(owner, {
    name: 'Team',
    is_shared: true,
    last_sync_at: '2020-01-01',
    total_items_synced: 7,
  });
  const secrets = [
    await seedSource(owner, { name: 'Secret', source_type: 'dropbox', connection_status: 'needs_reauth' }),
    await seedSource(owner, { name: 'Hidden', source_type: 'dropbox', total_items_synced: 2 }),
  ];
  await seedSourceRows(owner, shared, 3);
  await owner.query(
    `INSERT INTO sync_jobs (sync_job_id, source_id, owner_id, is_shared, job_type, status, requested_by, items_created, bytes_processed)
     VALUES (gen_random_uuid(), $1, 'hub', true, 'manual', 'failed', 'x', 5, 1000)`,
    [shared],
  );
  const server = await openWorkerServer({ config, database, log: silentLog() });
  try {
    const url = server.url ?? '';
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/graphql`)).status).toBe(404);
    const text = await scrape(url, config.adminToken);
    const team = { source: shared, name: 'Team', connector: 'folder' };
    expect(sampleOf(text, 'cairn_source_connected', team)).toBe(1);
    expect(sampleOf(text, 'cairn_source_lag_seconds', team)).toBeGreaterThan(1e8);
    expect(sampleOf(text, 'cairn_source_items', team)).toBe(7);
    expect(sampleOf(text, 'cairn_source_items_failed', { ...team, code: 'FORBIDDEN' })).toBe(3);
    const theirs = { source: 'private', name: '', connector: 'dropbox' };
    expect(sampleOf(text, 'cairn_source_connected', theirs)).toBe(0);
    expect(sampleOf(text, 'cairn_source_items', theirs)).toBe(2);
    expect(sampleOf(text, 'cairn_syncs_last_day', { connector: 'folder', status: 'failed' })).toBe(1);
    expect(sampleOf(text, 'cairn_sync_success_ratio_last_day', { connector: 'folder' })).toBe(0.5);
    expect(sampleOf(text, 'cairn_sync_items_last_day', { connector: 'folder', outcome: 'created' })).toBe(5);
    expect(sampleOf(text, 'cairn_sync_bytes_last_day', { connector: 'folder' })).toBe(1000);
    // What a source is called, and that there is one, is its owner's alone.
    for (const word of ['Secret', 'Hidden', ...secrets]) expect(text).not.toContain(word);
    const other = await openWorkerServer({
      config: { ...config, workerPort: Number(new URL(url).port) },
      database,
      log: silentLog(),
    });
    expect(other.url).toBeUndefined();
    await other.stop();
  } finally {
    await server.stop();
  }
});

test('where there are no sources, syncs are not asked for', async () => {
  await owner.query('TRUNCATE data_sources CASCADE');
  expect(await readSourceFigures(database.read)).toEqual({ sources: [], syncs: [] });
});
