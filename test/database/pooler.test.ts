/** A pooler between Cairn and its server is found at the start, before anything is written through it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/connect.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const POOLED = {
  code: 'CONFIG_INVALID',
  message: expect.stringContaining('PgBouncer'),
  hint: expect.stringContaining('itself'),
};

async function opened(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = new URL(database.ownerUrl);
  url.port = String((server.address() as AddressInfo).port);
  return url.href;
}

const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataDir: '/nowhere' }, silentLog());

test('one that takes every setting and tells a process of its own, as in session mode, is refused with what to do', async () => {
  const { hostname, port } = new URL(database.ownerUrl);
  // BackendKeyData: what a client is told of the process that serves it.
  const told = Buffer.from('K\0\0\0\x0c', 'latin1');
  const pooler = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(told);
      if (at >= 0) chunk.writeInt32BE(-4711, at + told.length);
      near.write(chunk);
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await expect(open(await opened(pooler))).rejects.toMatchObject(POOLED);
});

test('one that refuses settings of a connection is told as a pooler, not as a server that is away', async () => {
  const words = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0';
  const refusal = Buffer.from(`E\0\0\0\0${words}`, 'latin1');
  refusal.writeInt32BE(refusal.length - 1, 1);
  const pooler = createServer((near) => {
    near.on('error', () => undefined);
    near.once('data', () => near.end(refusal));
  });
  await expect(open(await opened(pooler))).rejects.toMatchObject(POOLED);
});

test('what only passes bytes on is none', async () => {
  const { hostname, port } = new URL(database.ownerUrl);
  const passing = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  const found = await open(await opened(passing));
  expect((await found.write.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await found.close();
});
