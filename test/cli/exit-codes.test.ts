/** Exit codes: 0 done, 1 done but something was rejected or failed, 2 nothing could be done. */
import { expect, test } from 'vitest';
import { runCairn } from '../support/command-line.ts';
import { useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

const database = await useTestDatabase();
const CHANNELS = 'channel_id,name\nCH-1,Kiln Notes\n';
const BAD =
  'video_id,title,source_url,status\nV-1,One,https://example.org/1,queued\nV-2,Two,https://example.org/2,nonsense\n';

test('0: everything was taken in, or nothing was there to take', async () => {
  const folder = await makeFolder({ 'channels.csv': CHANNELS });
  expect((await runCairn(database, ['import', folder])).code).toBe(0);
  expect((await runCairn(database, ['import', await makeFolder()])).code).toBe(0);
});

test('1: a record was rejected', async () => {
  const folder = await makeFolder({ 'videos.csv': BAD });
  expect((await runCairn(database, ['import', folder])).code).toBe(1);
});

test('0 again: the rejects of an earlier run are not this run’s', async () => {
  const folder = await makeFolder({ 'videos.csv': BAD });
  await runCairn(database, ['import', folder]);
  expect((await runCairn(database, ['import', folder])).code).toBe(0);
});

test('1: a file failed, and the others went in', async () => {
  const folder = await makeFolder({ 'channels.csv': CHANNELS, 'employees.json': '[{' });
  const { code, out } = await runCairn(database, ['import', folder]);
  expect(code).toBe(1);
  expect(out).toContain('FILE_MALFORMED');
});

test('1: of two files that were named, one belongs to no dataset', async () => {
  const folder = await makeFolder({ 'channels.csv': CHANNELS, 'notes.txt': 'words' });
  const { code } = await runCairn(database, ['import', 'channels.csv', 'notes.txt'], { folder });
  expect(code).toBe(1);
});

test.each([
  ['a path that does not exist', ['import', 'nowhere'], 'FILE_MISSING'],
  ['a dataset that does not exist', ['import', 'samples', '--dataset', 'nothing'], 'DATASET_UNKNOWN'],
  ['a path outside the root', ['import', 'samples', '--root', 'src'], 'BAD_USER_INPUT'],
  ['an import’s id that is none', ['rejects', '--import', '42'], 'BAD_USER_INPUT'],
  ['a token that does not exist', ['token', 'revoke', 'nobody'], 'NOT_FOUND'],
  ['a command that does not exist', ['frobnicate'], 'BAD_USER_INPUT'],
  ['an option that does not exist', ['datasets', '--fast'], 'BAD_USER_INPUT'],
  ['a role that does not exist', ['token', 'create', 'x', '--role', 'king'], 'BAD_USER_INPUT'],
  ['a day that does not exist', ['token', 'create', 'x', '--expires', '2030-02-30'], 'BAD_USER_INPUT'],
])('2: %s', async (_case, argv, errorCode) => {
  const { code, out, err } = await runCairn(database, [...argv, '--json']);
  expect(code).toBe(2);
  expect(err).not.toBe('');
  const known = out === '' ? undefined : JSON.parse(out);
  expect(known?.error?.code).toBe(errorCode);
});

test('2: a file alone that belongs to no dataset', async () => {
  const folder = await makeFolder({ 'notes.txt': 'words' });
  const { code, out } = await runCairn(database, ['import', 'notes.txt'], { folder });
  expect(code).toBe(2);
  expect(out).toContain('no dataset claims this path');
});

test('nothing is imported when one of several paths is missing', async () => {
  const folder = await makeFolder({ 'channels.csv': 'channel_id,name\nCH-9,Never Read\n' });
  const { code } = await runCairn(database, ['import', 'channels.csv', 'missing.csv'], { folder });
  expect(code).toBe(2);
  const { rows } = await database.owner.query("SELECT 1 FROM channels WHERE channel_id = 'CH-9'");
  expect(rows).toEqual([]);
});

test('a failure shows message, code and hint, and a stack only where it is asked for', async () => {
  const plain = await runCairn(database, ['import', 'nowhere']);
  expect(plain.err).toMatch(/^FILE_MISSING: nowhere does not exist\nIt was looked for as .*nowhere\.\n$/);
  const debug = await runCairn(database, ['import', 'nowhere'], { showStacks: true });
  expect(debug.err).toContain('import-paths.ts');
});

test('faulty settings are all told at once, before anything is opened', async () => {
  const { code, err } = await runCairn(database, ['datasets'], { env: { PORT: 'x', DATABASE_URL: 'mysql://x' } });
  expect(code).toBe(2);
  expect(err).toContain('PORT must be');
  expect(err).toContain('DATABASE_URL must');
});
