import { afterAll, expect, test } from 'vitest';
import { createToken } from '../../../src/access/tokens.ts';
import { closePools, openPools } from '../../../src/database/pools.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { openForwarder } from '../../support/forwarder.ts';
import { ADMIN_TOKEN, codeOf, useTestServer } from '../../support/http.ts';
import { sampleOf, scrape } from '../../support/metrics.ts';

const database = await useTestDatabase();
const real = new URL(database.apiUrl);
const forwarder = await openForwarder(real.hostname, Number(real.port));
real.port = String(forwarder.port);
const pools = openPools(real.href, silentLog());
afterAll(async () => {
  await closePools(pools);
  await forwarder.cut();
});
const server = await useTestServer({ ...database, ...pools });

test('a database that is down is a figure of the metrics, not their end', async () => {
  const { token } = await createToken(database, TESTER, { name: 'prometheus', role: 'viewer' });
  const { token: unused } = await createToken(database, TESTER, { name: 'never scraped', role: 'viewer' });
  const before = await scrape(server.url, token);
  expect(sampleOf(before, 'cairn_database_up')).toBe(1);
  expect(sampleOf(before, 'cairn_table_bytes', { table: 'videos' })).toBeGreaterThan(0);
  await forwarder.cut();
  for (const each of [token, ADMIN_TOKEN]) {
    const metrics = await scrape(server.url, each);
    expect(sampleOf(metrics, 'cairn_pool_connections_max', { pool: 'read' })).toBe(10);
    expect(sampleOf(metrics, 'cairn_database_up')).toBe(0);
    expect(sampleOf(metrics, 'cairn_table_bytes', { table: 'videos' })).toBeUndefined();
  }
  const stranger = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${unused}` } });
  expect([stranger.status, await codeOf(stranger)]).toEqual([503, 'INTERNAL']);
  const script = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${unused}` } });
  expect([script.status, script.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await script.json()).toMatchObject({ code: 'INTERNAL', detail: 'The server cannot answer now.' });
  await forwarder.mend();
  expect(sampleOf(await scrape(server.url, token), 'cairn_database_up')).toBe(1);
});
