/** How REST answers an import: what became of it, and of each record where there are not too many. */
import Type from 'typebox';
import { PROBLEM_TYPE, problemAnswer } from '../http/problem.ts';
import { AppError, ERROR_CODES, type ErrorCode, isShownToClients } from '../kernel/errors.ts';
import type { KeptAnswer } from '../rest/idempotent.ts';
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
export function importAnswer(result: ImportResult, requestId: string): KeptAnswer {
  const { importId, status, records, error, firstRejects = [], dryRun } = result;
  if (status === 'failed') return failedAnswer(importId, error, requestId);
  const { dataset, path, read, inserted, updated, unchanged, rejected, derived } = result;
  const body = {
    ...{ import_id: importId, dataset, path, status, dry_run: dryRun },
    ...{ read, inserted, updated, unchanged, rejected, derived },
    results: records ?? null,
    rejects: firstRejects.map(({ line, raw, errors }) => ({ line, raw, reasons: errors })),
    rejects_url: dryRun ? null : `/api/v1/imports/${importId}/rejects`,
  };
  return { body: JSON.stringify(body) };
}

function failedAnswer(importId: string, fault: ImportFault | null, requestId: string): KeptAnswer {
  const { code = 'INTERNAL', message = 'Unexpected error.', hint } = fault ?? {};
  const known = isErrorCode(code) ? code : 'INTERNAL';
  const error = new AppError(known, message, hint ? { hint } : {});
  // What is not the client's to read may come to nothing when it is tried again.
  return problemWith(isShownToClients(error) ? error : new AppError('INTERNAL', 'Unexpected error.'), requestId, {
    import_id: importId,
  });
}

/** A problem that says more than its error does. */
export function problemWith(
  error: AppError,
  requestId: string,
  more: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): KeptAnswer {
  const { status, body } = problemAnswer(error, requestId);
  return { status, type: PROBLEM_TYPE, headers, body: JSON.stringify({ ...JSON.parse(String(body)), ...more }) };
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);
