/** The four faces of a command: help, a terminal, a pipe, JSON. */
import { afterAll, expect, test, vi } from 'vitest';
import { runCairn, steady } from '../support/command-line.ts';
import { createTestDatabase, useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

// What colours a terminal gets must not hang on the machine that runs the tests.
vi.stubEnv('NO_COLOR', undefined);
vi.stubEnv('FORCE_COLOR', '1');
afterAll(() => void vi.unstubAllEnvs());

const FOLDER = {
  'RESEARCHES_Master_List.csv':
    'Research ID,Name,Description,Department,Type,Path,Status\n' +
    'RSH-VID-001,Tides,About tides,VID,Survey,,Active\n' +
    'TSM-1,Nobody,No id,ALL,Survey,,Active\n',
  'tables/channels.csv': 'channel_id,name\nCH-1,Kiln Notes\n',
  'tables/employees.json': '{"employees": [',
  'notes.txt': 'nothing that a dataset claims',
};

const HELP = [
  ['--help'],
  ['serve', '--help'],
  ['import', '--help'],
  ['jobs', '--help'],
  ['sources', '--help'],
  ['sources', 'add', '--help'],
  ['sources', 'schedules', '--help'],
  ['sync', '--help'],
  ['rejects', '--help'],
  ['rejects', 'list', '--help'],
  ['rejects', 'export', '--help'],
  ['datasets', '--help'],
  ['operations', '--help'],
  ['user', '--help'],
  ['user', 'create', '--help'],
  ['token', '--help'],
  ['token', 'create', '--help'],
  ['backup', '--help'],
  ['restore', '--help'],
  ['migrate', '--help'],
  ['doctor', '--help'],
];

const database = await useTestDatabase();

test.each(HELP.map((argv) => [argv.join(' '), argv] as const))('cairn %s', async (_name, argv) => {
  const { code, out, err } = await runCairn(database, argv);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatchSnapshot();
});

test('every command of the contract is offered, and none of later work', async () => {
  const { out } = await runCairn(database, ['--help']);
  const offered = [...out.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map(([, name]) => name);
  expect(offered).toEqual([
    'serve',
    'import',
    'export',
    'exports',
    'jobs',
    'sources',
    'sync',
    'rejects',
    'datasets',
    'operations',
    'user',
    'token',
    'backup',
    'restore',
    'migrate',
    'doctor',
  ]);
});

test('on a terminal: bars, then coloured tables that fit it', async () => {
  const fresh = await createTestDatabase();
  try {
    const folder = await makeFolder(FOLDER);
    const { code, out, err } = await runCairn(fresh, ['import', folder], { columns: 100 });
    expect(code).toBe(1);
    expect(err).toContain('█');
    expect(err).toContain('3 of 3 files');
    expect(err.endsWith('\x1b[J')).toBe(true);
    expect(out).toMatchSnapshot();
  } finally {
    await fresh.close();
  }
});

test('in a pipe: a line per file on stderr, plain tables on stdout', async () => {
  const fresh = await createTestDatabase();
  try {
    const folder = await makeFolder(FOLDER);
    const { code, out, err } = await runCairn(fresh, ['import', folder]);
    expect(code).toBe(1);
    expect(`${out}\n${err}`).not.toContain('\x1b');
    expect(err).toMatchSnapshot('stderr');
    expect(out).toMatchSnapshot('stdout');
    const again = await runCairn(fresh, ['import', folder]);
    expect(again.out).toMatchSnapshot('stdout, the second time');
  } finally {
    await fresh.close();
  }
});

test('with --json: one object on stdout and nothing else there', async () => {
  const fresh = await createTestDatabase();
  try {
    const folder = await makeFolder(FOLDER);
    const { out } = await runCairn(fresh, ['import', folder, '--json'], { columns: 100 });
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(steady(out))).toMatchSnapshot();
  } finally {
    await fresh.close();
  }
});
