import { test } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from './support/api.ts';
import { createToken } from '../src/access/tokens.ts';
import { TESTER, useTestDatabase } from './support/database.ts';
import { openEventStream } from './support/event-stream.ts';
const database = await useTestDatabase();
const api = await useTestApi(database);
const say = (...parts: unknown[]) => process.stderr.write(`MEASURE ${parts.join(' ')}\n`);
const sub = (q: string, token = ADMIN_TOKEN) => openEventStream<any>(api.url, { authorization: `Bearer ${token}` }, q);
test('measure', async () => {
  const sql = database.owner;
  await sql.query("INSERT INTO videos (video_id, source_url, title) SELECT 'Video_' || lpad(n::text, 11, '0'), 'https://example.org', 'Title ' || n FROM generate_series(1, 20000) n");
  await sql.query('ANALYZE');
  const tokens = await Promise.all(Array.from({ length: 60 }, (_, i) => createToken(database, TESTER, { name: `t${i}`, role: 'viewer' })));
  const b0 = performance.now();
  const many = (await Promise.all(tokens.flatMap(({ token }) => Array.from({ length: 5 }, () => sub('subscription { videosChanged(where: {videoId: {equals: "Video_00000000003"}}) { kind changes { kind key node { title } } } }', token)))));
  await Promise.all(many.map((s) => s.next()));
  say('300 subscribed after', performance.now() - b0);
  for (let r = 0; r < 3; r++) {
    const b4 = performance.now();
    await sql.query(`UPDATE videos SET title = 'all' || $1 WHERE video_id = 'Video_00000000003'`, [String(r)]);
    await Promise.all(many.map((s) => s.next()));
    say('300 subscribers told after', performance.now() - b4);
  }
  const c0 = process.cpuUsage();
  const b5 = performance.now();
  for (let i = 0; i < 50; i++) await sql.query(`UPDATE videos SET title = 'unrelated' || $1 WHERE video_id = 'Video_00000000004'`, [String(i)]);
  const b6 = performance.now();
  await sql.query(`UPDATE videos SET title = 'finally' WHERE video_id = 'Video_00000000003'`);
  await Promise.all(many.map((s) => s.next()));
  const c = process.cpuUsage(c0);
  say('50 unrelated commits', b6 - b5, 'then told after', performance.now() - b6, 'cpu ms of node', (c.user + c.system) / 1000);
  for (const s of many) s.leave();
  const one = await sub('subscription { videosChanged { kind changes { kind key node { title } } } }');
  await one.next();
  const lat: number[] = [];
  for (let i = 0; i < 100; i++) {
    const next = one.next();
    await sql.query(`UPDATE videos SET title = 'new ' || $1 WHERE video_id = 'Video_00000000001'`, [String(i)]);
    const b = performance.now();
    await next;
    lat.push(performance.now() - b);
  }
  lat.sort((a, b) => a - b);
  say('latency p50', lat[50], 'p5', lat[5], 'p95', lat[95]);
  one.leave();
}, 120_000);
