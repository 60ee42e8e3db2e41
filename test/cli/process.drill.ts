/** What only a process can show: signals, pipes that close, and two of them on one data folder. */
import { chmod } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startCairn } from '../support/cairn-process.ts';
import { useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

const database = await useTestDatabase();
const TOKEN = 'a-token-of-the-process-tests';

test('a server and a command share a data folder, and the server’s answers hold what the command took in', async () => {
  const dataDir = await makeFolder();
  await chmod(dataDir, 0o755);
  const env = { CAIRN_DATA_DIR: dataDir, PORT: '0', CAIRN_ADMIN_TOKEN: TOKEN };
  const server = startCairn(['serve'], env);
  await expect.poll(server.out, { timeout: 60_000 }).toMatch(/\/sign-in\?code=\S+/);
  const url = /http:\S+\/graphql/.exec(server.out())?.[0] ?? '';

  const folder = await makeFolder({ 'channels.csv': 'channel_id,name\nCH-1,Kiln Notes\n' });
  const command = startCairn(['import', folder, '--json'], env);
  expect(await command.ended).toBe(0);
  expect(JSON.parse(command.out())).toMatchObject({ totals: { files: 1, inserted: 1 } });

  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query: '{ channels { totalCount nodes { name } } }' }),
  });
  expect(await answer.json()).toMatchObject({ data: { channels: { totalCount: 1, nodes: [{ name: 'Kiln Notes' }] } } });

  server.process.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(server.out() + server.err()).not.toContain(TOKEN);
});

test('Ctrl-C during an import rolls it back, says so and ends with 130', async () => {
  const rows = Array.from({ length: 400_000 }, (_, index) => `CH-${index},Name ${index}`).join('\n');
  const folder = await makeFolder({ 'channels.csv': `channel_id,name\n${rows}\n` });
  const command = startCairn(['import', folder], { DATABASE_URL: database.ownerUrl });
  const progress = async (): Promise<unknown> =>
    (await database.owner.query("SELECT 1 FROM imports WHERE status = 'running' AND read > 0")).rowCount;
  await expect.poll(progress, { timeout: 30_000, interval: 20 }).toBe(1);
  command.process.kill('SIGINT');
  expect(await command.ended).toBe(130);
  expect(command.err()).toContain('INTERRUPTED: The command was interrupted');
  const { rows: kept } = await database.owner.query(
    "SELECT (SELECT count(*)::int FROM channels) AS channels, status, error ->> 'code' AS code FROM imports",
  );
  expect(kept).toEqual([{ channels: 0, status: 'failed', code: 'INTERRUPTED' }]);
});

test('a reader that goes away is no failure of the command', async () => {
  const command = startCairn(['datasets'], { DATABASE_URL: database.ownerUrl });
  command.process.stdout?.destroy();
  command.process.stderr?.destroy();
  expect(await command.ended).toBe(0);
});
