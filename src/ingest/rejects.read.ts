import type { Reject } from '../database/generated/client.ts';
import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { type EntityReads, fieldsOf, many, one, type Row } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { keyOf, textOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { REJECT_CODES } from './dataset.ts';
import { ofOwnDatasets } from './own-datasets.ts';
import type { TextEncodingName } from './read/encoding.ts';
import { decodeRaw } from './rejects.ts';

const field = fieldsOf<Reject>();

export const REJECT_STATUS = enumeration('RejectStatus', 'What became of a reject.', ['open', 'fixed', 'dropped']);

export const REJECT_CODE = enumeration('RejectCode', 'Why a field or a record did not pass.', REJECT_CODES);

export const rejects: EntityReads = {
  type: 'Reject',
  scope: 'ingest',
  limit: ofOwnDatasets,
  plural: 'rejects',
  single: 'reject',
  table: 'rejects',
  key: 'rejectId',
  description: 'A record that did not pass, kept with its original bytes and one reason per field.',
  fields: {
    rejectId: field.bigint('id', 'The key, a number.'),
    importId: field.uuid('import_id', 'The import that it came with.'),
    dataset: field.id('dataset', 'The dataset that it should have gone into.'),
    line: field.integer('line', 'The line of the file on which the record begins, from 1.'),
    status: field.enumeration('status', REJECT_STATUS, 'Whether it still waits.'),
    createdAt: field.dateTime('created_at', 'When it was rejected.'),
    resolvedAt: field.dateTime('resolved_at', 'When it was fixed or dropped.', { nullable: true }),
  },
  relations: { import: one('Import', 'import_id', 'The import that it came with.') },
  conditions: {
    code: {
      description: 'Why it did not pass: one of its reasons is this.',
      values: REJECT_CODE,
      sql: (alias, values) =>
        `EXISTS (SELECT FROM jsonb_array_elements(${alias}.errors) AS reason WHERE reason ->> 'code' = ANY(${values}))`,
    },
  },
  needs: { errors: ['errors'], raw: ['encoding'] },
  order: [['rejectId', 'DESC']],
  indexed: { importId: 'ASC', dataset: 'ASC', status: 'ASC' },
};

/** The rejects of one import, as a list of its own. */
export const rejectsOfImport = many('Reject', 'import_id', 'The records that did not pass.');

const ENCODINGS: readonly TextEncodingName[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'];

/** A character is four bytes at most in every encoding that is read. */
const BYTES_PER_CHARACTER = 4;

const rawTexts = loaderFamily<Uint8Array | null>();

/**
 * The first `length` characters of a reject's original text. Read apart from the row and cut by the database: a reject may
 * be as large as the file that it came in.
 * @throws AppError INTERNAL for an encoding that is none of ours
 */
export async function loadRaw(context: GraphqlContext, row: Row, length: number): Promise<string> {
  const planned = row[PLANNED_RAW];
  if (typeof planned === 'string') return cut(planned, length);
  const encoding = ENCODINGS.find((known) => known === textOf(row, 'encoding'));
  const bytes = await rawTexts(context, `${length}`, () => async (ids) => {
    const found = await context.reads.query<{ id: bigint; raw: Uint8Array }>(
      'rejects raw',
      'SELECT id, substring(raw FROM 1 FOR $2) AS raw FROM rejects WHERE id = ANY($1::bigint[])',
      [ids, length * BYTES_PER_CHARACTER],
    );
    const byId = new Map(found.map(({ id, raw }) => [id.toString(), raw]));
    return ids.map((id) => byId.get(id) ?? null);
  }).load(keyOf(row, 'id') ?? '');
  if (encoding === undefined || bytes === null)
    throw new AppError('INTERNAL', 'A reject has no text or no known encoding');
  return cut(decodeRaw(bytes, encoding), length);
}

/** Where the row of a dry run's reject keeps its text; no column has this name. */
export const PLANNED_RAW = 'planned_raw';

/** No half of a surrogate pair may remain at the end: JSON could not carry it. */
function cut(text: string, length: number): string {
  const shortened = text.slice(0, length);
  return shortened.isWellFormed() ? shortened : shortened.slice(0, -1);
}
