/** The one table that a run prints: a line per contender, the job's targets under them. */
import type { BenchResult, ContenderResult, JobResult, Verdict } from './result.ts';
import { inWords } from './words.ts';

const HEAD = ['job', 'contender', 'measured', 'unit', 'Cairn ÷ it', 'SQL', 'beside it'];
/** Columns of numbers end at one edge. */
const RIGHT = new Set([2, 4, 5]);

/** The whole table as text, with the versions and the machine under it. */
export function tableOf(result: BenchResult): string {
  const rows = [HEAD, ...result.jobs.flatMap((job) => job.contenders.map((found, at) => rowOf(job, found, at)))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (RIGHT.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  const body = result.jobs.flatMap((job) => [
    rule,
    ...job.contenders.map((found, at) => line(rowOf(job, found, at))),
    ...(job.fault === undefined ? [] : [`${job.name} failed: ${job.fault}`]),
    ...job.verdicts.map(verdictOf),
  ]);
  const suites = result.suites.flatMap(({ suite, verdicts }) => [rule, suite, ...verdicts.map(verdictOf)]);
  return [line(HEAD), ...body, ...suites, rule, ...footOf(result)].join('\n');
}

function rowOf(job: JobResult, found: ContenderResult, at: number): string[] {
  const beside = Object.entries(found.figures).map(([name, value]) => `${name} ${inWords(value)}`);
  return [
    at === 0 ? job.name : '',
    found.name,
    found.value === null ? 'missing' : inWords(found.value),
    found.value === null ? '' : job.unit,
    found.ratio === null ? '' : found.ratio.toFixed(2),
    found.statements === null ? '' : inWords(found.statements),
    found.missing ?? beside.join(', '),
  ];
}

function verdictOf({ target, found, isMet }: Verdict): string {
  const word = isMet === null ? 'not judged' : isMet ? 'met' : 'MISSED';
  return `  ${word}: ${target} (${found})`;
}

/** A job may run fewer rounds than the run was asked for. */
function roundsOf({ contenders }: JobResult): string {
  const rounds = Math.max(0, ...contenders.map((found) => found.rounds.length));
  return rounds === 0 ? '' : ` (${rounds === 1 ? '1 round' : `${rounds} rounds`})`;
}

function footOf({ versions, machine, options, jobs }: BenchResult): string[] {
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    ...jobs.map((job) => `${job.name}${roundsOf(job)}: ${job.measures}`),
    `Medians of the rounds, at scale ${options.scale}, seed ${options.seed}.`,
    `${machine.processors} × ${machine.model}, ${inWords(machine.memoryGb)} GB. ${listed.join(', ')}.`,
  ];
}
