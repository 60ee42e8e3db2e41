import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

/** Runs `npm run bench` over the jobs beside this file. */
async function bench(...argv: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-bench-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const json = join(folder, 'result.json');
  const jobs = join(import.meta.dirname, 'jobs');
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    const line = [join(PROJECT_ROOT, 'bench', 'bench.ts'), '--jobs', jobs, '--json', json, ...argv];
    const child = execFile(process.execPath, line, (_error, out) => resolve({ code: child.exitCode ?? -1, out }));
  });
  return { code, out, json: async () => JSON.parse(await readFile(json, 'utf8')) };
}

test('it prints a line per contender with the ratio, and writes the same as JSON', async () => {
  const { code, out, json } = await bench('--only', 'small/met');
  expect(code).toBe(0);
  expect(out).toMatch(/small\/met +Cairn +20 +requests\/s +1 +p99 ms 4/);
  expect(out).toMatch(/slow +10 +requests\/s +2\.00/);
  expect(out).toContain('not judged: at least 1 × absent (absent is not installed)');
  expect(out).toMatch(/small\/met \(5 rounds\): .*\nMedians of the rounds, at scale 1/);
  expect(await json()).toMatchObject({
    isMet: true,
    versions: { Node: process.version.slice(1), slow: '1.2.3' },
    options: { scale: 1 },
    jobs: [
      {
        name: 'small/met',
        contenders: [
          { name: 'Cairn', value: 20, statements: 1, figures: { 'p99 ms': 4 } },
          { name: 'slow', ratio: 2 },
          { name: 'absent', value: null, missing: 'absent is not installed' },
        ],
        verdicts: [{ isMet: true }, { isMet: true }, { isMet: null }],
      },
    ],
  });
});

test('a missed target ends it with 1, in the table and in the JSON', async () => {
  const { code, out, json } = await bench('--rounds', '1');
  expect(code).toBe(1);
  expect(out).toContain('MISSED: at most 1 ms (2)');
  expect((await json()).isMet).toBe(false);
});

test('a name that no job has ends it with 2', async () => {
  expect((await bench('--only', 'nothing')).code).toBe(2);
});
