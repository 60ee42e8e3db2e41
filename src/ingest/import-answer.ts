/** How REST answers an import: what became of it, and of each record where there are not too many. */
import Type from 'typebox';
import { PROBLEM_TYPE, problemAnswer } from '../http/problem.ts';
import type { RouteAnswer } from '../http/route.ts';
import { AppError, ERROR_CODES, type ErrorCode, isShownToClients } from '../kernel/errors.ts';
import { REJECT_CODES } from './dataset.ts';
import type { ImportFault } from './journal.ts';
import type { ImportResult } from './run.ts';

/** Of a larger import only the counts and the first rejects are told; the others are a list of their own. */
export const MOST_TOLD = 1_000;

const REASONS = Type.Array(
  Type.Object(
    {
      field: Type.String({ description: 'The column that it is about; empty where it is the whole record.' }),
      code: Type.Enum([...REJECT_CODES]),
      message: Type.String(),
      value: Type.Union([Type.String(), Type.Null()], { description: 'The text that did not pass, shortened.' }),
    },
    { additionalProperties: false },
  ),
  { description: 'Why it did not pass, one reason for each field.' },
);
const LINE = Type.Integer({
  description: 'The line on which the record begins, from 1; of JSON its place among them.',
});

export const IMPORT_ANSWER = Type.Object(
  {
    import_id: Type.String({ format: 'uuid', description: 'The key of the import; of a dry run that of its plan.' }),
    dataset: Type.String(),
    path: Type.String({ description: 'What it is kept under.' }),
    status: Type.Enum(['imported', 'unchanged'], {
      description: 'Unchanged are the same bytes as the last import of a path: nothing was read.',
    }),
    dry_run: Type.Boolean({ description: 'Whether this only says what would happen.' }),
    read: Type.Integer({ description: 'inserted + updated + unchanged + rejected.' }),
    inserted: Type.Integer(),
    updated: Type.Integer(),
    unchanged: Type.Integer(),
    rejected: Type.Integer(),
    derived: Type.Integer({ description: 'Rows that records brought along for other tables.' }),
    results: Type.Union(
      [
        Type.Array(
          Type.Object(
            {
              line: LINE,
              key: Type.Unsafe<unknown>({
                type: ['string', 'object', 'null'],
                description: 'An object of its columns where it is composite; null where none could be read.',
              }),
              result: Type.Enum(['inserted', 'updated', 'unchanged', 'rejected']),
              reasons: Type.Optional(REASONS),
            },
            { additionalProperties: false },
          ),
        ),
        Type.Null(),
      ],
      { description: `What became of each record, in their order; null for more than ${MOST_TOLD}.` },
    ),
    rejects: Type.Array(
      Type.Object(
        {
          line: LINE,
          raw: Type.String({ description: 'The record as it came, shortened.' }),
          reasons: REASONS,
        },
        { additionalProperties: false },
      ),
      { description: 'The first records that did not pass.' },
    ),
    rejects_url: Type.Union([Type.String(), Type.Null()], {
      description: 'Where all of them are listed; null for a dry run, which keeps none.',
    }),
  },
  { $id: 'ImportAnswer', description: 'What became of an import.', additionalProperties: false },
);

/** The answer to an import that has ended. One that failed is a problem; nothing of it was kept. */
export function importAnswer(result: ImportResult, requestId: string): RouteAnswer {
  if (result.status !== 'failed') return { body: JSON.stringify(importTold(result)) };
  // What is not the client's to read may come to nothing when it is tried again.
  const error = failureOf(result.error);
  const shown = isShownToClients(error) ? error : new AppError('INTERNAL', 'Unexpected error.');
  return problemWith(shown, requestId, { import_id: result.importId });
}

/** What became of an import that did not fail, as {@link IMPORT_ANSWER} says. */
export function importTold(result: ImportResult): Readonly<Record<string, unknown>> {
  const { importId, status, records, firstRejects = [], dryRun } = result;
  const { dataset, path, read, inserted, updated, unchanged, rejected, derived } = result;
  return {
    ...{ import_id: importId, dataset, path, status, dry_run: dryRun },
    ...{ read, inserted, updated, unchanged, rejected, derived },
    results: records ?? null,
    rejects: firstRejects.map(({ line, raw, errors }) => ({ line, raw, reasons: errors })),
    rejects_url: dryRun ? null : `/api/v1/imports/${importId}/rejects`,
  };
}

/** Why an import failed, as an error. */
export function failureOf(fault: ImportFault | null): AppError {
  const { code = 'INTERNAL', message = 'Unexpected error.', hint } = fault ?? {};
  return new AppError(isErrorCode(code) ? code : 'INTERNAL', message, hint ? { hint } : {});
}

/** A problem that says more than its error does. */
function problemWith(error: AppError, requestId: string, more: Readonly<Record<string, unknown>>): RouteAnswer {
  const { status, body } = problemAnswer(error, requestId);
  return { status, type: PROBLEM_TYPE, body: JSON.stringify({ ...JSON.parse(String(body)), ...more }) };
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);

export const IMPORT_LATER = Type.Object(
  {
    import_id: Type.String({ format: 'uuid', description: 'The key that the import will have.' }),
    job_id: Type.String({
      format: 'uuid',
      description: 'The job that imports; its result is what would be answered here.',
    }),
    dataset: Type.String(),
    path: Type.String({ description: 'What it is kept under.' }),
    status: Type.Literal('queued'),
    job_url: Type.String(),
    import_url: Type.String({ description: 'The import, once it has begun.' }),
  },
  {
    $id: 'ImportLater',
    description: 'An import that goes on after its request is answered.',
    additionalProperties: false,
  },
);
