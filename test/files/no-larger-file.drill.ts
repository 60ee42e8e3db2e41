/**
 * A hub whose disk takes no more than so much of a file (`ulimit -f`, which needs no rights): uploads, bodies, exports and
 * backups are cut in the middle of a write, say so, leave nothing, and the hub goes on.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

const database = await useTestDatabase();
/** Bytes: of `ulimit -f 1024`, whose blocks have 1,024. */
const LARGEST = 1_048_576;
const TOKEN = 'admin-token-of-this-test';

async function limited(argv: readonly string[], dataDir: string) {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: dataDir, PORT: '0', CAIRN_LOG_LEVEL: 'info', CAIRN_ADMIN_TOKEN: TOKEN },
    ...{ DATABASE_URL: database.ownerUrl, CAIRN_DATA_DIR: dataDir, NODE_DISABLE_COMPILE_CACHE: '1' },
  };
  const command = [
    '-c',
    'ulimit -f 1024; exec "$@"',
    'bash',
    process.execPath,
    join(PROJECT_ROOT, 'src/main.ts'),
    ...argv,
  ];
  const child: ChildProcess = spawn('bash', command, { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said.text += chunk;
    });
  return { child, said };
}

/** What lies below a folder, but for empty folders, locks and the store's mark. */
const leftIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock') && entry.name !== 'database')
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));

test('what is spooled and does not fit is refused with what to do, leaves nothing, and the hub serves on', {
  timeout: 120_000,
}, async () => {
  const dataDir = await makeFolder();
  await database.owner.query(
    `INSERT INTO researches (research_id, title, department, status, created_date)
     SELECT 'RSR-' || n, (SELECT string_agg(md5(n || ' ' || i), '') FROM generate_series(1, 10) i), 'VID', 'active', '2026-01-01' FROM generate_series(1, 10000) n`,
  );
  const { child, said } = await limited(['serve'], dataDir);
  await expect
    .poll(() => /http:\/\/127\.0\.0\.1:(\d+)\/graphql/.exec(said.text)?.[1], { timeout: 60_000 })
    .toBeDefined();
  const url = `http://127.0.0.1:${/127\.0\.0\.1:(\d+)\/graphql/.exec(said.text)?.[1]}`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  const before = await leftIn(dataDir);
  const ask = async (query: string) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as { data: Record<string, Record<string, unknown>>; errors?: unknown };
  };
  const records = Array.from({ length: 40_000 }, (_, n) =>
    JSON.stringify({ employee_id: `E-${n}`, name: `Name ${n}` }),
  );
  const large = `${records.join('\n')}\n`;
  expect(large.length).toBeGreaterThan(LARGEST);
  for (const query of ['', '?wait=false']) {
    const body = await fetch(`${url}/api/v1/data/ingest/employees${query}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-ndjson' },
      body: large,
    });
    expect(await body.json()).toMatchObject({
      status: 507,
      reason: 'DISK_FULL',
      hint: expect.stringContaining('ulimit'),
    });
  }
  const form = new FormData();
  const upload = 'mutation ($file: Upload!) { importUpload(input: { file: $file, dataset: "employees" }) { status } }';
  form.set('operations', JSON.stringify({ query: upload, variables: { file: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  form.set('0', new File([large], 'employees.jsonl'));
  const uploaded = await fetch(`${url}/graphql`, { method: 'POST', headers, body: form });
  expect(await uploaded.text()).toContain('DISK_FULL');
  for (const format of ['CSV', 'XLSX', 'PARQUET', 'DUCKDB']) {
    const started = await ask(
      `mutation { startExport(input: { source: "researches", format: ${format} }) { exportId } }`,
    );
    const id = started.data['startExport']?.['exportId'];
    const ended = async () =>
      (await ask(`{ export(exportId: "${id}") { status error { code hint } } }`)).data['export'];
    await expect.poll(ended, { timeout: 60_000 }).toMatchObject({ status: 'FAILED' });
    expect([format, await ended()]).toMatchObject([format, { error: { code: 'DISK_FULL', hint: expect.any(String) } }]);
  }
  expect(await leftIn(dataDir)).toEqual(before);
  const { data } = await ask('{ researches { totalCount } employees { totalCount } }');
  expect(data).toEqual({ researches: { totalCount: 10_000 }, employees: { totalCount: 0 } });
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('an export by command and a backup that do not fit end with 2, say why, and leave nothing', {
  timeout: 120_000,
}, async () => {
  const dataDir = await makeFolder();
  for (const argv of [
    ['export', 'researches', '--to', join(dataDir, 'out')],
    ['backup', join(dataDir, 'kept'), '--portable'],
  ]) {
    const { child, said } = await limited(argv, dataDir);
    const [code] = await once(child, 'close');
    expect([argv[0], code, said.text]).toEqual([argv[0], 2, expect.stringContaining('Nothing could be written')]);
    expect((await leftIn(dataDir)).filter((path) => /^(out|kept)/.test(path))).toEqual([]);
  }
});
