/**
 * SQL that writes JSON text as JavaScript does: byte for byte what JSON.stringify makes of the values that resolvers give.
 * PostgreSQL's own functions put spaces between names and values and write some numbers otherwise; here text is put
 * together, which is also a fifth faster. What SQL cannot write alike stands between marks, and `settleMarks` writes it.
 */
import type { FieldKind, FieldReads } from '../entity.ts';
import { enumName } from '../enumerations.ts';

/** A part of a text: as it stands, or what an SQL expression gives. */
export type Piece = string | { readonly sql: string };

/** Text in SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A function of the database takes a hundred arguments at most. */
const MOST_ARGUMENTS = 90;

/** The pieces as one text in SQL. NULL adds nothing. */
export const concatSql = (pieces: readonly Piece[]): string => concat(partsOf(pieces));

/**
 * The pieces of one row as one text in SQL: a fifth faster than {@link concatSql}, which has every part written out by its
 * type's function. A row with a NULL that its type does not know of is left to ordinary execution.
 */
export const rowSql = (pieces: readonly Piece[]): string => `coalesce(${joined(partsOf(pieces))}, ${UNWRITTEN})`;

/** Halves of halves: one after the other, each part would be copied once for every part behind it. */
function joined(parts: readonly string[]): string {
  const [first = `''`] = parts;
  if (parts.length <= 1) return first;
  const middle = Math.ceil(parts.length / 2);
  return `(${joined(parts.slice(0, middle))} || ${joined(parts.slice(middle))})`;
}

/** Texts in SQL, constants that follow one another as one. */
function partsOf(pieces: readonly Piece[]): string[] {
  const parts: string[] = [];
  let text = '';
  for (const piece of [...pieces, { sql: '' }]) {
    if (typeof piece === 'string') text += piece;
    else {
      if (text !== '') parts.push(quoted(text));
      text = '';
      if (piece.sql !== '') parts.push(`(${piece.sql})::text`);
    }
  }
  return parts;
}

function concat(parts: readonly string[]): string {
  if (parts.length <= MOST_ARGUMENTS) return `concat(${parts.join(', ')})`;
  const groups: string[] = [];
  for (let from = 0; from < parts.length; from += MOST_ARGUMENTS) {
    groups.push(`concat(${parts.slice(from, from + MOST_ARGUMENTS).join(', ')})`);
  }
  return concat(groups);
}

/** Stands around what is written anew. JSON text has no such character: inside strings it is escaped. */
const MARK = '\u0001';
const marked = (sql: string): string => `chr(1) || ${sql} || chr(1)`;

/** SQL of what cannot be written here at all: the answer is then left to ordinary execution. */
export const UNWRITTEN = marked(quoted('!'));

/**
 * The text with what stands between marks written as JavaScript writes it.
 * @throws SyntaxError where SQL could not write a value
 */
export function settleMarks(text: Buffer): Buffer {
  if (!text.includes(MARK)) return text;
  const settled = text
    .toString()
    .split(MARK)
    .map((part, index) => (index % 2 === 0 ? part : rewritten(part)));
  return Buffer.from(settled.join(''));
}

function rewritten(part: string): string {
  const text = JSON.stringify(JSON.parse(part));
  // A number too large for JavaScript is no value at all there.
  if (text === 'null' && part !== 'null') throw new SyntaxError('A value of the database has no JSON');
  return text;
}

/** Both languages write these alike: beyond them one has an exponent, or digits that the other leaves out. */
const isPlain = (column: string): string => `abs(${column}) >= 0.0001 AND abs(${column}) < 1e15`;
/** Years of four digits. */
const isCommon = (column: string): string =>
  `${column} >= '0001-01-01 00:00:00+00' AND ${column} < '10000-01-01 00:00:00+00'`;
/**
 * A moment as JavaScript writes it, to the millisecond. One microsecond after a whole one all six digits are written, of which
 * three are cut: to_char, which knows every form there is, takes twice as long.
 */
const isoSql = (column: string): string =>
  `left(JSON_SCALAR(date_bin(INTERVAL '1 millisecond', ${column} AT TIME ZONE INTERVAL '0', TIMESTAMP '2000-01-01') + INTERVAL '1 microsecond')::text, 24) || 'Z"'`;

/** `when` and what it gives, for a CASE. */
type Case = readonly [when: string, gives: string];

function casesOf(field: Pick<FieldReads, 'kind' | 'values'>, column: string): Case[] | undefined {
  switch (field.kind) {
    case 'float':
      return [
        // JSON has no minus zero.
        [`${column} = 0`, `'0'`],
        [isPlain(column), `${column}::text`],
      ];
    case 'dateTime':
      return [[isCommon(column), isoSql(column)]];
    case 'enumeration':
      return field.values?.values.map((value) => [`${column} = ${quoted(value)}`, quoted(`"${enumName(value)}"`)]);
    default:
      return undefined;
  }
}

/** What is written in the same way whatever the value. JSON_SCALAR looks the type up once, to_json for every value. */
const PLAIN: Record<FieldKind, (column: string) => string> = {
  id: (column) => `JSON_SCALAR(${column})::text`,
  text: (column) => `JSON_SCALAR(${column})::text`,
  enumeration: (column) => `JSON_SCALAR(${column})::text`,
  uuid: (column) => `'"' || ${column}::text || '"'`,
  bigint: (column) => `'"' || ${column}::text || '"'`,
  boolean: (column) => `${column}::text`,
  integer: (column) => `${column}::text`,
  float: (column) => marked(`${column}::text`),
  dateTime: () => UNWRITTEN,
  json: (column) => marked(`${column}::text`),
};

/** A column of this kind as JSON text. */
export function valueSql(field: Pick<FieldReads, 'kind' | 'nullable' | 'values'>, column: string): string {
  const cases = casesOf(field, column);
  // The API takes JSON's own null for no value at all, which a field that always has one must not be without.
  if (field.kind === 'json' && !field.nullable) {
    return `coalesce(${marked(`nullif(${column}, 'null')::text`)}, ${UNWRITTEN})`;
  }
  const otherwise = field.values === undefined ? PLAIN[field.kind](column) : UNWRITTEN;
  if (cases === undefined) return field.nullable ? `coalesce(${otherwise}, 'null')` : otherwise;
  return caseSql(field.nullable ? [[`${column} IS NULL`, `'null'`], ...cases] : cases, otherwise);
}

/**
 * A column of this kind as JSON text in the table's own terms: enumerations as the database has them, 64-bit numbers as
 * numbers, JSON as it was kept. All of it is made by the database: nothing stands between marks.
 */
export function tableValueSql({ kind, nullable }: Pick<FieldReads, 'kind' | 'nullable'>, column: string): string {
  const absent: Case[] = nullable ? [[`${column} IS NULL`, `'null'`]] : [];
  switch (kind) {
    case 'dateTime':
      return caseSql([...absent, ...(casesOf({ kind }, column) ?? [])], `to_json(${column} AT TIME ZONE 'UTC')::text`);
    case 'float':
      // JSON has neither infinity nor what is no number.
      return caseSql([...absent, [`abs(${column}) < 'Infinity'`, `${column}::text`]], `'null'`);
    case 'enumeration':
      // The table's own check keeps the list, of words that need no escapes.
      return nullable ? `coalesce('"' || ${column} || '"', 'null')` : `'"' || ${column} || '"'`;
    case 'uuid':
      return caseSql(absent, PLAIN.uuid(column));
    case 'bigint':
    case 'json':
      return nullable ? `coalesce(${column}::text, 'null')` : `${column}::text`;
    default:
      return nullable ? `coalesce(${PLAIN[kind](column)}, 'null')` : PLAIN[kind](column);
  }
}

/** A value within a cursor, which keeps enumerations as the database has them; NULL for what is not written alike. */
export function placeSql(kind: FieldKind, column: string): string {
  const absent: Case = [`${column} IS NULL`, `'null'`];
  const cases = casesOf({ kind }, column);
  return cases === undefined ? `coalesce(${PLAIN[kind](column)}, 'null')` : caseSql([absent, ...cases], 'NULL');
}

const caseSql = (cases: readonly Case[], otherwise: string): string =>
  cases.length === 0
    ? otherwise
    : `CASE ${cases.map(([when, gives]) => `WHEN ${when} THEN ${gives}`).join(' ')} ELSE ${otherwise} END`;

/** Text as Buffer's base64url writes it. */
export const base64urlSql = (text: string): string =>
  `translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;

/** JSON of a closed list's or a name's text, which holds nothing that JSON or SQL would escape. */
export const jsonText = (text: string): string => JSON.stringify(text);
