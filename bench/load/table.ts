/** What a run prints. */
import type { Verdict } from '../result.ts';
import { inWords } from '../words.ts';
import type { AttackFigures } from './hostile.ts';
import { judgeAttacked, judgeMixed } from './judge.ts';
import type { LoadFound } from './run.ts';
import type { UsersFigures } from './users.ts';
import type { Watched } from './watch.ts';

export interface LoadResult extends LoadFound {
  readonly verdicts: { readonly mixed: readonly Verdict[]; readonly attacked: readonly Verdict[] };
  readonly isMet: boolean;
}

/** The figures with their verdicts. */
export function judged(found: LoadFound): LoadResult {
  const mixed = found.mixed === undefined ? [] : judgeMixed(found.mixed);
  const attacked = found.attacked === undefined ? [] : judgeAttacked(found.attacked);
  const isMet = [...mixed, ...attacked].every((verdict) => verdict.isMet !== false);
  return { ...found, verdicts: { mixed, attacked }, isMet };
}

export function textOf({ mixed, attacked, verdicts }: LoadResult): string {
  const lines: string[] = [];
  if (mixed !== undefined) {
    lines.push(
      'Mixed reads while files are imported',
      usersLine(mixed.users),
      watchedLine(mixed.watched, mixed.memory),
    );
    lines.push(...mixed.users.told.map((fault) => `  error: ${fault}`), ...verdicts.mixed.map(verdictLine), '');
  }
  if (attacked !== undefined) {
    const { alone, among, hostile, watched, memory } = attacked;
    lines.push('Honest users alone', usersLine(alone), 'Honest users among hostile clients', usersLine(among));
    lines.push(
      watchedLine(watched, memory),
      ...among.told.map((fault) => `  error: ${fault}`),
      `  processors kept busy: ${inWords(watched.processors)} by the server, ${inWords(among.processors)} by honest and ${inWords(hostile.processors)} by hostile clients`,
      ...hostile.attacks.map(attackLine),
    );
    lines.push(...verdicts.attacked.map(verdictLine), '');
  }
  return lines.join('\n');
}

const usersLine = (users: UsersFigures): string =>
  [
    `  ${inWords(users.requests)} requests, ${inWords(users.perSecond)}/s: p50 ${inWords(users.p50)}, p95 ${inWords(users.p95)}, p99 ${inWords(users.p99)}, slowest ${inWords(users.slowest)} ms; ${users.streams} subscriptions, ${users.events} events`,
    `  slowest by their medians: ${users.slow.map(({ name, requests, p50 }) => `${name} ${inWords(p50)} ms (of ${requests})`).join(', ')}`,
  ].join('\n');

const watchedLine = ({ most }: Watched, memory: { readonly median: number; readonly highest: number }): string =>
  `  ${inWords(memory.median)} MB, ${inWords(memory.highest)} at most; ${most.connections} connections to the database at most; event loop held up for ${inWords(most.stall)} ms at most`;

function attackLine({ name, tried, outcomes, wrong }: AttackFigures): string {
  const told = Object.entries(outcomes).map(([outcome, count]) => `${outcome} × ${count}`);
  return `  ${wrong > 0 ? 'WRONG ' : ''}${name}: ${inWords(tried)} (${told.join(', ')})`;
}

const verdictLine = ({ target, found, isMet }: Verdict): string =>
  `  ${isMet === false ? 'MISSED' : 'met'}: ${target} (${found})`;
