/** Raw records made into others before they are mapped, so that every dataset gains it. */
import { hashBytes } from '../../kernel/hash.ts';
import type { Dataset, RawRecord, RejectReason } from '../dataset.ts';
import type { Match } from '../match.ts';
import { limitError, openExpressionThread } from './expression-thread.ts';
import { compileSteps, runPlain, type Transformed } from './run-steps.ts';
import { hasExpression, type NamedSteps } from './steps.ts';

/** What a request's records go through. Files with the same one may go in together. */
export interface RecordTransform {
  /** Of its steps: other steps, another hash. Part of the rules version, so that the same bytes are read again. */
  readonly hash: string;
  /** In the order of the records. @throws AppError LIMIT_EXCEEDED that names the step */
  readonly apply: (records: readonly RawRecord[]) => Promise<readonly Transformed[]>;
}

/** @throws AppError BAD_USER_INPUT for an expression that is none */
export async function compileTransform(transformations: readonly NamedSteps[]): Promise<RecordTransform> {
  const hash = hashBytes(JSON.stringify(transformations.map(({ name, steps }) => [name, steps])));
  if (!transformations.some(({ steps }) => steps.some(hasExpression))) {
    const steps = compileSteps(transformations);
    return { hash, apply: async (records) => records.map(({ value }) => runPlain(steps, value)) };
  }
  // The library is loaded by those who use it.
  const { compileExpressionStep } = await import('./expression.ts');
  compileSteps(transformations, compileExpressionStep);
  const thread = openExpressionThread(transformations);
  return {
    hash,
    apply: async (records) => {
      const answers = await thread.ask(records.map(({ value }) => value));
      for (const answer of answers) if ('limit' in answer) throw limitError(answer.limit);
      return answers;
    },
  };
}

/** One file's records on their way through a transform. */
export interface Transforming {
  readonly apply: (records: readonly RawRecord[]) => Promise<readonly RawRecord[]>;
  /** For the import's notes: nothing is left out silently. */
  readonly notes: () => Readonly<Record<string, unknown>>;
}

/** Records that could not be read go on as they are; those that do not pass carry the reason. */
export function openTransforming(transform: RecordTransform): Transforming {
  let dropped = 0;
  return {
    async apply(records) {
      const readable = records.filter(({ fault }) => fault === undefined);
      const answers = (await transform.apply(readable)).values();
      return records.flatMap((record) => {
        if (record.fault !== undefined) return [record];
        const answer = answers.next().value;
        if (answer !== undefined && 'value' in answer) return [{ ...record, value: answer.value }];
        if (answer !== undefined && 'dropped' in answer) {
          dropped += 1;
          return [];
        }
        const message = answer !== undefined && 'fault' in answer ? answer.fault : 'a step gave no answer';
        const reason: RejectReason = { field: '', code: 'INVALID_VALUE', message, value: null };
        return [{ ...record, reason }];
      });
    },
    notes: () => ({ transformed: transform.hash.slice(0, 12), ...(dropped > 0 && { filtered: dropped }) }),
  };
}

const ruled = new WeakMap<Dataset, Map<string, Dataset>>();

/**
 * The match under the transform's rules: a file is read anew once they change. The same dataset and steps give the same
 * object, by which files are known to belong together. Exports are taken in as they are.
 */
export function ruledBy(match: Match, transform: RecordTransform | undefined): Match {
  if (transform === undefined || match.pattern.exported === true) return match;
  const known = ruled.get(match.dataset) ?? new Map<string, Dataset>();
  ruled.set(match.dataset, known);
  const dataset = known.get(transform.hash) ?? {
    ...match.dataset,
    rulesVersion: rulesVersionOf(match.dataset.rulesVersion, transform.hash),
  };
  known.set(transform.hash, dataset);
  return { ...match, dataset };
}

/** Thirty bits, as its column holds; above every version that a dataset counts up to. */
function rulesVersionOf(version: number, hash: string): number {
  return 2 ** 30 + (Number.parseInt(hashBytes(`${version} ${hash}`).slice(0, 8), 16) & (2 ** 30 - 1));
}
