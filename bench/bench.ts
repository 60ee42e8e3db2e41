/** `npm run bench`: measures Cairn beside its limits and its peers, prints one table, and ends with 1 when a target is missed. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { findJobs } from './jobs.ts';
import { runBench } from './run.ts';
import { tableOf } from './table.ts';

interface Options {
  readonly only?: readonly string[];
  readonly rounds: number;
  readonly scale: number;
  readonly seconds: number;
  readonly seed: number;
  readonly json: string;
  readonly jobs: string;
  readonly list?: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function whole(text: string): number {
  const value = positive(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

const command = new Command('bench')
  .description(
    'Measures Cairn beside its limits and its peers in one run, on data of its own making, which it removes.',
  )
  .option('--only <names...>', 'only these jobs, by name or its beginning, such as reads or reads/nested')
  .option('--rounds <number>', 'rounds of every contender', whole, 5)
  .option('--scale <factor>', 'share of the data that the targets are for', positive, 1)
  .option('--seconds <number>', 'how long one run of a load lasts', positive, 2)
  .option('--seed <number>', 'of everything random', whole, 1)
  .option('--json <file>', 'where the result is written', join(PROJECT_ROOT, 'bench', 'results.json'))
  .option('--jobs <folder>', 'where the jobs are found', import.meta.dirname)
  .option('--list', 'tell the jobs and run none')
  .addHelpText(
    'after',
    '\nExit code 0: every target met. 1: one missed, or a job failed. 2: nothing could be measured.',
  );

const options = command.parse().opts<Options>();
const jobs = await findJobs(resolve(options.jobs), options.only);
if (jobs.length === 0) {
  process.stderr.write('There is no such job; --list tells them all.\n');
  process.exitCode = 2;
} else if (options.list) {
  for (const { name, measures } of jobs) process.stdout.write(`${name}: ${measures}\n`);
} else {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  process.once('SIGTERM', () => interruption.abort());
  const result = await runBench(jobs, {
    ...options,
    note: (text) => process.stderr.write(`${text}\n`),
    signal: interruption.signal,
  });
  const file = resolve(options.json);
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(`${tableOf(result)}\nWritten to ${file}\n`);
  process.exitCode = result.isMet ? 0 : 1;
}
