/** A connection costs the server memory: who holds one without a request, or too many, loses it. */
import { createServer } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { setImmediate as nextRound, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openDoors } from '../../src/server/doors.ts';
import { listen } from '../../src/server/listen.ts';

const limits = { headerSize: 1_024, headersTime: 200, requestTime: 600, checkInterval: 50, connections: 3 };
const server = await listen(
  (request, response) => {
    request.resume();
    request.on('end', () => response.end('read'));
    request.on('error', () => response.destroy());
  },
  '127.0.0.1',
  0,
  limits,
);
afterAll(() => server.close(0));

const { port } = new URL(server.url);
interface Connection {
  readonly socket: Socket;
  readonly received: () => string;
  /** Milliseconds until the server closed it. */
  readonly closed: Promise<number>;
}
const connect = (): Connection => {
  const begun = performance.now();
  const socket = createConnection(Number(port), '127.0.0.1');
  let received = '';
  socket.on('data', (part) => {
    received += part.toString();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.on('close', () => resolve(performance.now() - begun)));
  return { socket, received: () => received, closed };
};
const trickle = async ({ socket }: Connection, text: string, every: number): Promise<void> => {
  for (const character of text) {
    if (socket.destroyed) return;
    socket.write(character);
    await sleep(every);
  }
};

test('headers that come one byte at a time end their connection', async () => {
  const slow = connect();
  void trickle(slow, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(500)}`, 30);
  expect(await slow.closed).toBeLessThan(2_000);
  expect(slow.received()).toMatch(/^HTTP\/1\.1 408 |^$/);
});

test('a connection is kept for longer than a proxy keeps it, so that no request meets its end', async () => {
  const kept = connect();
  kept.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await expect.poll(kept.received).toMatch(/^keep-alive: timeout=65$/im);
  kept.socket.destroy();
});

test('a body that never ends is cut', async () => {
  const slow = connect();
  slow.socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n');
  void trickle(slow, 'x'.repeat(900), 30);
  expect(await slow.closed).toBeLessThan(3_000);
});

test('headers that are too large are answered with 431', async () => {
  const large = connect();
  large.socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(2_000)}\r\n\r\n`);
  await large.closed;
  expect(large.received()).toMatch(/^HTTP\/1\.1 431 /);
});

test.each([
  ['that is no HTTP', 'nonsense\r\n\r\n'],
  ['with two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx'],
  [
    'with a length and chunks',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['with a length that is none', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
  ['with a line broken within a header', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n'],
  ['without a host', 'GET / HTTP/1.1\r\n\r\n'],
])('a request %s is refused and its connection closed', async (_what, text) => {
  const broken = connect();
  broken.socket.write(text);
  await broken.closed;
  expect(broken.received()).toMatch(/^HTTP\/1\.1 400 /);
});

test('one connection too many is closed unheard, and there is room again when another ends', async () => {
  const held = Array.from({ length: limits.connections }, connect);
  await Promise.all(held.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))));
  // Connected is what the system holds already, accepted is another matter.
  await sleep(50);
  const last = connect();
  last.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await last.closed;
  expect(last.received()).toBe('');
  for (const { socket, closed } of held) {
    socket.destroy();
    await closed;
  }
  await sleep(50);
  expect(await (await fetch(server.url)).text()).toBe('read');
});

test('many connections are accepted in one round of the event loop: nobody waits for as many rounds as others have opened', async () => {
  const many = 96;
  const busy = await listen((_request, response) => response.end(), '127.0.0.1', 0);
  let [heard, rounds] = [0, 0];
  const clients = Array.from({ length: many }, () => {
    const client = createConnection(Number(new URL(busy.url).port), '127.0.0.1');
    client.once('data', () => {
      heard += 1;
    });
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    return client;
  });
  for (; heard < many; rounds += 1) await nextRound();
  expect(rounds).toBeLessThan(process.platform === 'linux' ? many / 2 : Number.POSITIVE_INFINITY);
  for (const client of clients) client.destroy();
  await busy.close(0);
});

test('of several that open one port in the same moment one has it; it is another’s again when that has closed', async () => {
  const free = await listen(() => undefined, '127.0.0.1', 0);
  const at = Number(new URL(free.url).port);
  await free.close(0);
  for (let time = 0; time < 3; time += 1) {
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => listen(() => undefined, '127.0.0.1', at)));
    const opened = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(opened).toHaveLength(1);
    for (const each of tries)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'PORT_IN_USE' });
    await opened[0]?.close(0);
  }
});

test('connections that the system could not hand over end nobody', async () => {
  const door = createServer();
  const close = await openDoors(door, '127.0.0.1', 0);
  for (let time = 0; time < 3; time += 1) door.emit('error', new Error('accept EHOSTUNREACH'));
  await close();
});
