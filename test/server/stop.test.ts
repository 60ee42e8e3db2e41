import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { listen } from '../../src/server/listen.ts';
import { onStopSignal } from '../../src/server/stop.ts';

test('a stop lets open requests finish and takes no new ones', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = await listen((_request, response) => arrived.resolve(response), '127.0.0.1', 0);
  const open = fetch(server.url).then((response) => response.text());
  const response = await arrived.promise;
  const closed = server.close(5_000);
  await expect(fetch(server.url)).rejects.toThrow();
  response.end('done');
  expect(await open).toBe('done');
  await closed;
});

test('a request that does not finish is cut', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await listen(() => arrived.resolve(), '127.0.0.1', 0);
  const open = fetch(server.url).then(
    () => 'answered',
    () => 'cut',
  );
  await arrived.promise;
  const begun = performance.now();
  await server.close(200);
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(await open).toBe('cut');
});

test('a connection by which nothing was asked keeps no stop waiting', async () => {
  const server = await listen(() => undefined, '127.0.0.1', 0);
  const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const ended = once(silent, 'close');
  await server.close(60_000);
  await ended;
});

test('a port that is taken is told apart from a host that is not ours', async () => {
  const first = await listen(() => undefined, '127.0.0.1', 0);
  const port = Number(new URL(first.url).port);
  await expect(listen(() => undefined, '127.0.0.1', port)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  await first.close(0);
  await expect(listen(() => undefined, '192.0.2.1', 0)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test.each([
  ['ends the process well when stopping worked', () => Promise.resolve(), 0],
  ['says when stopping failed', () => Promise.reject(new Error('stuck')), 1],
])('a signal %s', async (_what, stop, code) => {
  const ended = Promise.withResolvers<number>();
  const release = onStopSignal(silentLog(), stop, ended.resolve);
  process.emit('SIGTERM', 'SIGTERM');
  expect(await ended.promise).toBe(code);
  release();
});

test('a second signal does not wait', async () => {
  const codes: number[] = [];
  const release = onStopSignal(
    silentLog(),
    () => new Promise(() => undefined),
    (code) => codes.push(code),
  );
  process.emit('SIGINT', 'SIGINT');
  expect(codes).toEqual([]);
  process.emit('SIGINT', 'SIGINT');
  expect(codes).toEqual([1]);
  release();
});
