import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createLog } from '../../../src/kernel/log.ts';
import { openTracing } from '../../../src/server/tracing/open-tracing.ts';
import { useCollector } from '../../support/collector.ts';
import { useTestDatabase } from '../../support/database.ts';
import { useTestServer } from '../../support/http.ts';

const server = await useTestServer(await useTestDatabase());
const collector = await useCollector();
/** Takes connections and never answers. */
const hanging = createServer();
await new Promise<void>((resolve) => void hanging.listen({ host: '127.0.0.1', port: 0 }, resolve));
afterAll(() => void hanging.close());
collector.answerWith(400);

test.each([
  ['is not there', 'http://127.0.0.1:1'],
  ['refuses', collector.url],
  ['never answers', `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`],
])('a collector that %s costs a warning, no answer and no stop', async (_what, endpoint) => {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', stream: { write: (line) => void lines.push(line) } });
  const settings = { url: `${endpoint}/v1/traces`, headers: {}, serviceName: 'cairn', ratio: 1 };
  const tracing = await openTracing(settings, '1', log);
  for (let time = 0; time < 50; time += 1) {
    const response = await server.post({ query: '{ hello }' });
    expect(await response.json()).toEqual({ data: { hello: 'world' } });
  }
  const began = performance.now();
  await tracing.close();
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('the collector did not take spans');
});

test('without an endpoint nothing is opened', async () => {
  const tracing = await openTracing(undefined, '1', createLog({ level: 'silent' }));
  await tracing.close();
  expect((await server.post({ query: '{ hello }' })).status).toBe(200);
});
