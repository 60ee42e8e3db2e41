/** `cairn backup` and `cairn restore` as scripts and people use them. */
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDatabase, folderForTest } from '../support/backups.ts';
import { runCairn } from '../support/command-line.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const env = { DATABASE_URL: database.ownerUrl };

test('taken, checked and restored by a script, which reads one JSON object each time', async () => {
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E1', 'Ada')");
  const folder = await folderForTest();
  const taken = await runCairn(database, ['backup', 'kept', '--keep', '1', '--json'], { folder, env });
  expect(taken.code, taken.err).toBe(0);
  const backup = JSON.parse(taken.out);
  expect(backup).toMatchObject({ kind: 'portable', rows: { employees: 1, change_log: 1 }, removed: [] });
  const again = await runCairn(database, ['backup', 'kept', '--keep', '1', '--json'], { folder, env });
  const { folder: kept, removed } = JSON.parse(again.out);
  expect(removed).toEqual([backup.folder]);

  const checked = await runCairn(database, ['backup', kept, '--verify', '--json'], { folder, env });
  expect(JSON.parse(checked.out)).toMatchObject({ folder: kept, rows: { employees: 1 } });
  const url = await emptyDatabase();
  const path = join('kept', basename(kept));
  const restored = await runCairn(database, ['restore', path, '--json'], { folder, env: { DATABASE_URL: url } });
  expect(restored.code, restored.out + restored.err).toBe(0);
  expect(JSON.parse(restored.out)).toMatchObject({
    kind: 'portable',
    rows: { employees: 1 },
    faults: [],
    leftOut: [],
    endedImports: 0,
  });
  expect(restored.out + restored.err).not.toContain(decodeURIComponent(new URL(url).password));
  const twice = await runCairn(database, ['restore', path], { folder, env: { DATABASE_URL: url } });
  expect(twice).toMatchObject({ code: 2, err: expect.stringMatching(/CONFLICT: .* is not empty(.|\n)*--into/) });
});

test('a person reads what was done, and what to do where nothing could be', async () => {
  const folder = await folderForTest();
  const taken = await runCairn(database, ['backup', folder], { env });
  expect(taken.out).toMatch(
    /cairn-[\dTZ.-]+-portable\nholds \d+ files, [\d.]+ (bytes|kB), \d+ rows of \d+ tables, as of /,
  );
  const none = await runCairn(database, ['backup', folder], { env: { CAIRN_DATA_DIR: join(folder, 'none') } });
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(/DATA_DIR_INVALID: There is no database in .*none/),
  });
  const missing = await runCairn(database, ['restore', join(folder, 'gone')], { env });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('FILE_MISSING: There is no ') });
  expect(await runCairn(database, ['backup', folder, '--keep', '0'], { env })).toMatchObject({ code: 2 });
});
