import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { openServer } from '../../src/server/open.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const schema = await loadSchema();

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a start that the database refuses leaves no port open: the process could not end', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-open-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const port = await freePort();
  const config = { host: '127.0.0.1', port, dataDir, adminToken: undefined };
  const start = (signInLabel: string) =>
    openServer({
      config,
      database,
      log: silentLog(),
      schema,
      fillContext: () => undefined,
      onAccessChange: () => () => undefined,
      signInLabel,
    });
  await expect(start('no text can hold \0')).rejects.toThrow();
  const server = await start('user:anna');
  expect(server.url).toBe(`http://127.0.0.1:${port}`);
  await server.stop();
});
