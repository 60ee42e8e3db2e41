/** What every operator of `where` is made of, and the checks of what it is given. */
import { AppError } from '../../kernel/errors.ts';
import type { FieldKind } from '../entity.ts';
import type { Params } from '../params.ts';
import { isInt64, isUuid, SQL_TYPE } from '../values.ts';

/** `value` and `list` are of the field's own type; a range is `{ from, to }` of them. */
export type Takes = 'value' | 'list' | 'range' | 'flag' | 'json';

/** One operator as it stands in a question. */
export interface Operand {
  /** The field's column as SQL, with its alias. */
  readonly column: string;
  readonly kind: FieldKind;
  readonly value: unknown;
  /** What is given beside it on the same field. */
  readonly beside: Readonly<Record<string, unknown>>;
  /** Where it stands, such as `where.title.contains`: errors name it. */
  readonly at: string;
  readonly params: Params;
}

export interface Operator {
  readonly name: string;
  readonly takes: Takes;
  readonly description: string;
  /** What may be given, `value` being a value of the field's type as a document writes it. */
  readonly example: (value: string) => string;
  /** The condition. @throws AppError BAD_USER_INPUT for a value that the field cannot have */
  readonly sql: (operand: Operand) => string;
}

/** A refusal that names the place in `where`. */
export const refused = (at: string, message: string, hint?: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`${at}\` ${message}`, { path: at, ...(hint !== undefined && { hint }) });

/** A value as the database takes it. Checked here, since the database's own refusal would name no field. */
function checked(kind: FieldKind, value: unknown, at: string): unknown {
  if (value === null || value === undefined) {
    throw refused(at, 'takes a value, not null', 'What is absent is found by `isNull: true`.');
  }
  if (kind === 'uuid' && !(typeof value === 'string' && isUuid(value))) throw refused(at, 'takes a UUID');
  if (kind === 'bigint' && !(typeof value === 'bigint' && isInt64(value))) {
    throw refused(at, 'takes a whole number of 64 bits');
  }
  // Text is kept composed, so that an accent matches however it was typed.
  return typeof value === 'string' ? value.normalize('NFC') : value;
}

/** The operand's place in SQL. */
export const param = ({ kind, params, at }: Operand, value: unknown): string =>
  params.add(checked(kind, value, at), SQL_TYPE[kind]);

/** Longer lists belong into a table, not into a question. */
const MOST_LISTED = 1_000;

/** The place in SQL of a list of operands. */
export function listParam({ kind, params, at, value }: Operand): string {
  if (!Array.isArray(value)) throw refused(at, 'takes a list');
  if (value.length > MOST_LISTED) throw refused(at, `takes ${MOST_LISTED} values at most`);
  return params.add(
    value.map((item: unknown) => checked(kind, item, at)),
    `${SQL_TYPE[kind]}[]`,
  );
}

/** A flag, which is never null. */
export function readFlag({ value, at }: Operand): boolean {
  if (typeof value === 'boolean') return value;
  throw refused(at, 'is true or false');
}

/** A text that is looked for inside others. */
export function readText({ value, at }: Operand): string {
  if (typeof value === 'string') return value.normalize('NFC');
  throw refused(at, 'takes a text');
}
