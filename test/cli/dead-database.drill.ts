/** A server whose database answers nothing any more, as when a network went away, still ends when it is told to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openProxy } from '../../faults/proxy.ts';
import { startCairn } from '../support/cairn-process.ts';
import { useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

const database = await useTestDatabase();
const address = new URL(database.ownerUrl);
const proxy = await openProxy(address.hostname, Number(address.port));
address.port = String(proxy.port);
afterAll(proxy.close);

const TOKEN = 'a-token-of-the-dead-database';

async function ask(url: string): Promise<void> {
  const sent = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: '{ channels { totalCount } }' });
  // Cut off at the end.
  await fetch(url, { method: 'POST', headers: sent, body }).catch(() => undefined);
}

test.each([false, true])(
  'told to stop, it does within seconds and says why it could not wait; asked meanwhile: %s',
  async (isAsked) => {
    const env = { DATABASE_URL: address.href, CAIRN_DATA_DIR: await makeFolder(), PORT: '0', CAIRN_ADMIN_TOKEN: TOKEN };
    const server = startCairn(['serve'], env);
    await expect.poll(server.out, { timeout: 60_000 }).toMatch(/\/sign-in\?code=\S+/);
    const url = /http:\S+\/graphql/.exec(server.out())?.[0] ?? '';
    // New connections as well: nothing that is sent arrives.
    const stalling = setInterval(proxy.stall, 1);
    try {
      const asked = isAsked ? ask(url) : undefined;
      // Its worker and its upkeep look into the database by now.
      await sleep(3_000);
      const begun = performance.now();
      server.process.kill('SIGTERM');
      expect(await server.ended).toBe(1);
      // What it allows itself is less than ten seconds, and it says below that this ended it; a busy machine adds its own.
      expect(performance.now() - begun).toBeLessThan(15_000);
      expect(server.err()).toContain('did not end in time and was cut off');
      await asked;
    } finally {
      clearInterval(stalling);
      proxy.drop();
    }
  },
);
