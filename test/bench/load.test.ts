import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { runLoad } from '../../bench/clients/load.ts';

/** A server that answers each body by itself; every `wrongAt`th request is answered with less. */
async function echo(wrongAt = 0) {
  let asked = 0;
  const server = createServer(async (request, answer) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    asked += 1;
    answer.end(wrongAt > 0 && asked % wrongAt === 0 ? '' : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const request = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, headers: {}, connections: 4 };
  return { request, asked: () => asked };
}

test('it asks the bodies in turn from a second process and counts what was answered in the time', async () => {
  const { request, asked } = await echo();
  const figures = await runLoad({ ...request, bodies: ['a', 'bcd'], expected: [1, 3], seconds: 0.5 });
  expect(figures.requests).toBeGreaterThan(10);
  expect(figures.requests).toBeLessThanOrEqual(asked());
  expect(figures.perSecond).toBeGreaterThan(20);
  expect(figures.p99).toBeGreaterThanOrEqual(figures.p50);
  expect(figures.bytesPerSecond / figures.perSecond).toBeCloseTo(2, 1);
});

test('a wrong answer among thousands is a fault: a wrong answer has no speed', async () => {
  const { request } = await echo(50);
  const run = runLoad({ ...request, bodies: ['abc'], expected: [3], seconds: 0.2 });
  await expect(run).rejects.toThrow(/answers were wrong, the first: status 200, 0 bytes of 3/);
});
