/** An export edited in a spreadsheet brings exactly the edits, however the program writes what nobody touched. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { editRows } from '../../src/history/edit.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { type ImportResult, importFile } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { type Asked, exportFiles } from '../support/export-rows.ts';
import { emptyTables, importAll, importFiles, makeFolder, writeMark } from '../support/import-folder.ts';
import { readAll, writeSpooled } from '../support/spooled.ts';
import { textRow, workbookParts, zipOf } from '../support/workbook.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

const MASTER = {
  path: 'RESEARCHES_Master_List.csv',
  content: [
    'RSR_ID,Name,Department,Status,Created,Researcher,Notes',
    'RSH-VID-001,"Bees, and ""more""",VID,active,2025-11-10,Ada Byron,=1+1',
    'RSH-VID-002,Second,AI,planning,"November 11, 2025",,@home',
    'RSH-VID-003,Third,HR,review,2025-11-12T10:00:00.123Z,Ada Byron,',
  ].join('\n'),
};
const RESEARCHES: Asked = { dataset: 'researches', format: 'csv' };

let folder: string;
beforeEach(async () => {
  await emptyTables(database.owner);
  await importFiles(ingest, [MASTER]);
  folder = await makeFolder();
});

async function exported(asked: Asked): Promise<string> {
  const [name = ''] = await exportFiles(ingest, [asked], folder);
  return name;
}

async function imported(name: string, content?: string | Buffer): Promise<ImportResult> {
  if (content !== undefined) await writeFile(join(folder, name), content);
  return importFile(ingest, { file: join(folder, name), path: name, actor: TESTER });
}

const textOf = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

async function rows(): Promise<Record<string, unknown>[]> {
  const { rows: found } = await database.owner.query(
    'SELECT research_id, title, status, created_date, researcher_id, output_path, metadata, version, edited_values FROM researches ORDER BY 1',
  );
  return found;
}

const COUNTS = { status: 'imported', inserted: 0, updated: 0, rejected: 0, derived: 0 };

test('rows that files brought and people edited are left alone', async () => {
  await writeSession(database.write, TESTER, ({ query }) =>
    editRows(
      query,
      { table: 'researches', keyColumn: 'research_id' },
      { keys: ['RSH-VID-002'], values: { title: 'By hand', output_path: '' } },
    ),
  );
  const name = await exported(RESEARCHES);
  const mark = await writeMark(database.owner);
  expect(await imported(name)).toMatchObject({ ...COUNTS, unchanged: 3 });
  expect(await writeMark(database.owner)).toBe(mark);
});

test('a CSV as Excel saves it: semicolons, a mark, CR LF, dates and numbers in its own way', async () => {
  const name = await exported(RESEARCHES);
  const before = await rows();
  const resaved = (await textOf(name))
    .replaceAll(',', ';')
    .replace('"Bees; and', '"Bees, and')
    .replace(/(?<="": ""[^"]*"");/g, ',')
    .replaceAll('2025-11-10 00:00:00+00', '2025-11-10 00:00')
    .replaceAll('2025-11-11 00:00:00+00', '2025-11-11 0:00')
    .replaceAll('\n', '\r\n');
  expect(resaved).toContain(';2025-11-11 0:00;');
  expect(await imported(name, `\ufeff${resaved}`)).toMatchObject({ ...COUNTS, unchanged: 3 });
  expect(await rows()).toEqual(before);
  const edited = resaved.replace('Second', ' Second,\r\nedited ').replace(';planning;', ';completed;');
  const quoted = edited.replace(' Second,\r\nedited ', '" Second,\r\nedited "');
  expect(await imported(name, `\ufeff${quoted}`)).toMatchObject({ ...COUNTS, updated: 1, unchanged: 2 });
  expect(await rows()).toEqual([
    before[0],
    {
      ...before[1],
      title: ' Second,\r\nedited ',
      status: 'completed',
      version: 2,
      edited_values: { title: 'Second', status: 'planning' },
    },
    before[2],
  ]);
});

test('an old export that nobody edited brings no old values back, only rows that are gone', async () => {
  const name = await exported(RESEARCHES);
  await importFiles(ingest, [{ ...MASTER, content: MASTER.content.replace('Third', 'Fourth') }]);
  await database.owner.query("DELETE FROM researches WHERE research_id = 'RSH-VID-001'");
  const before = await rows();
  expect(await imported(name)).toMatchObject({ ...COUNTS, inserted: 1, unchanged: 2 });
  expect((await rows()).slice(1)).toEqual(before);
});

test('an edit stays until the file that brought the row says something else; its change names the line', async () => {
  const name = await exported(RESEARCHES);
  const { importId } = await imported(name, (await textOf(name)).replace('Third', 'Edited'));
  const { rows: changes } = await database.owner.query(
    'SELECT record_id, line, new_values FROM change_log WHERE import_id = $1',
    [importId],
  );
  expect(changes).toMatchObject([{ record_id: 'RSH-VID-003', line: 4, new_values: { title: 'Edited' } }]);
  await importFiles(ingest, [{ ...MASTER, content: `${MASTER.content}\n` }]);
  expect((await rows())[2]).toMatchObject({ title: 'Edited' });
  await importFiles(ingest, [{ ...MASTER, content: MASTER.content.replace('Third', 'Fourth') }]);
  expect((await rows())[2]).toMatchObject({ title: 'Fourth' });
});

test('an emptied cell empties its column; where that may not be empty it is a reject', async () => {
  const name = await exported(RESEARCHES);
  const text = await textOf(name);
  expect(await imported(name, text.replace(',ada-byron,', ',,'))).toMatchObject({
    ...COUNTS,
    updated: 1,
    unchanged: 2,
  });
  expect((await rows())[0]).toMatchObject({ researcher_id: null, edited_values: { researcher_id: 'ada-byron' } });
  expect(await imported(name, text.replace('Second', ''))).toMatchObject({ rejected: 1 });
  expect((await rows())[1]).toMatchObject({ title: 'Second' });
});

test('a key of long ago that holds what nobody sees comes back as it is, and its edits with it', async () => {
  await database.owner.query(
    "UPDATE researches SET research_id = U&'\\FEFFRSH-VID-001' WHERE research_id = 'RSH-VID-001'",
  );
  const name = await exported(RESEARCHES);
  const text = await textOf(name);
  expect(await imported(name, `${text}\n`)).toMatchObject({ ...COUNTS, unchanged: 3 });
  expect(await imported(name, text.replace('Second', '2nd').replace('Third', '3rd'))).toMatchObject({ updated: 2 });
  expect(await rows()).toHaveLength(3);
});

test('a row typed below the others is a new row; a column typed beside them goes to the metadata', async () => {
  const name = await exported(RESEARCHES);
  const [header = '', ...lines] = (await textOf(name)).trimEnd().split('\n');
  const added = `RSH-DEV-009,New,DEV,planning,2025-12-01,,,`;
  const text = [
    `${header},Reviewer`,
    ...lines.map((line, index) => `${line},${index === 0 ? 'Grace' : ''}`),
    `${added},`,
  ];
  expect(await imported(name, text.join('\n'))).toMatchObject({ ...COUNTS, inserted: 1, updated: 1, unchanged: 2 });
  expect((await rows()).map(({ title, metadata }) => [title, metadata])).toEqual([
    ['New', {}],
    ['Bees, and "more"', { Notes: '=1+1', Researcher: 'Ada Byron', Reviewer: 'Grace' }],
    ['Second', { Notes: '@home' }],
    ['Third', { Researcher: 'Ada Byron' }],
  ]);
});

test('a workbook saved by a spreadsheet program, with shared texts and its own dates, brings exactly the edit', async () => {
  const name = await exported({ ...RESEARCHES, format: 'xlsx' });
  const before = await rows();
  const file = await writeSpooled(folder, 'copy.xlsx', await readFile(join(folder, name)));
  const records = (await readAll(file, { exported: true })).map(({ value }) => Object(value));
  const texts: string[] = [];
  const shared = (value: unknown): string => {
    if (value === null) return '<c/>';
    texts.push(
      `<si><t xml:space="preserve">${String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></si>`,
    );
    return `<c t="s"><v>${texts.length - 1}</v></c>`;
  };
  const line = (record: Record<string, unknown>, number: number): string =>
    `<row r="${number}">${Object.values(record)
      .map((value, index) => (index === 4 && number === 2 ? '<c s="1"><v>45971</v></c>' : shared(value)))
      .join('')}</row>`;
  const save = (edit: (record: Record<string, unknown>) => Record<string, unknown>): Buffer => {
    texts.length = 0;
    const sheet =
      textRow(1, ...Object.keys(records[0])) + records.map((record, index) => line(edit(record), index + 2)).join('');
    return zipOf(workbookParts({ sheets: { researches: sheet }, texts, formats: ['dd/mm/yyyy'] }));
  };
  expect(
    await imported(
      name,
      save((record) => record),
    ),
  ).toMatchObject({ ...COUNTS, unchanged: 3 });
  expect(await rows()).toEqual(before);
  const edit = (record: Record<string, unknown>) =>
    record['title'] === 'Third' ? { ...record, title: '=2+2' } : record;
  expect(await imported(name, save(edit))).toMatchObject({ ...COUNTS, updated: 1, unchanged: 2 });
  expect((await rows())[2]).toMatchObject({ title: '=2+2', version: 2 });
});

test('escaped cells are none that a spreadsheet runs, and come back as they were', async () => {
  await database.owner.query(`UPDATE researches SET title = $1 WHERE research_id = 'RSH-VID-001'`, [
    "=cmd|' /C calc'!A1",
  ]);
  await database.owner.query(`UPDATE researches SET title = $1 WHERE research_id = 'RSH-VID-002'`, ["'=already"]);
  for (const escapeFormulas of [true, false]) {
    const name = await exported({ ...RESEARCHES, choices: { options: { escapeFormulas } } });
    const text = await textOf(name);
    expect(/(^|,)"?=/m.test(text)).toBe(!escapeFormulas);
    const mark = await writeMark(database.owner);
    expect(await imported(name)).toMatchObject({ ...COUNTS, unchanged: 3 });
    expect(await writeMark(database.owner)).toBe(mark);
  }
});

test('a number that a program wrote with fewer digits than it has is no edit', async () => {
  await importFiles(ingest, [
    { path: 'influencers.jsonl', content: '{"influencer_id": "ada", "name": "Ada", "engagement_rate": 3.25}\n' },
  ]);
  await database.owner.query('UPDATE influencers SET engagement_rate = 0.1::float8 + 0.2::float8');
  const name = await exported({ dataset: 'influencers', format: 'csv' });
  const text = await textOf(name);
  expect(await imported(name, text.replace('0.30000000000000004', '0.3'))).toMatchObject({ ...COUNTS, unchanged: 1 });
  expect(await imported(name, text.replace('0.30000000000000004', '0.31'))).toMatchObject({ ...COUNTS, updated: 1 });
});

test('a folder of exports is taken in as one: in an empty database all is there again, and then nothing changes', async () => {
  const names = await exportFiles(
    ingest,
    [...ingest.datasets.keys()].map((dataset) => ({ dataset, format: 'csv' as const })),
    folder,
  );
  const before = (await rows()).map(({ version: _version, edited_values: _edited, ...row }) => row);
  await emptyTables(database.owner);
  const filled = await importAll(ingest, folder, names);
  expect(filled.skipped).toEqual([]);
  expect(filled.totals).toMatchObject({ inserted: 4, updated: 0, rejected: 0 });
  expect((await rows()).map(({ version: _version, edited_values: _edited, ...row }) => row)).toEqual(before);
  for (const name of names) await writeFile(join(folder, name), `${(await textOf(name)).trimEnd()}\r\n`);
  const mark = await writeMark(database.owner);
  expect((await importAll(ingest, folder, names)).totals).toMatchObject({ inserted: 0, updated: 0, unchanged: 4 });
  expect(await writeMark(database.owner)).toBe(mark);
});
