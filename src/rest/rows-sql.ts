/** Rows as JSON text under the names of their columns: SQL over rows of an alias. */
import { jsonText, type Piece, tableValueSql, rowSql as writtenSql } from '../graphql/documents/json-sql.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestEntity, RestField } from './entity.ts';

/**
 * SQL of a row of `alias` as an object. A NULL that its field does not know of makes it no JSON: whoever reads it sees that, and
 * would not see a row that is left out.
 */
export function rowSql(fields: readonly RestField[], alias: string): string {
  const pieces = fields.flatMap((field, index): Piece[] => [
    `${index === 0 ? '' : ','}${jsonText(field.name)}:`,
    { sql: tableValueSql(field.reads, field.sql?.(alias) ?? `${alias}.${field.name}`) },
  ]);
  return writtenSql(['{', ...pieces, '}']);
}

/** The columns that the fields need; always with the key. */
export const columnsOf = ({ key }: RestEntity, fields: readonly RestField[]): string[] => [
  ...new Set([key.name, ...fields.filter(({ sql }) => sql === undefined).map(({ name }) => name)]),
];

/**
 * The fields that `fields` names, separated by commas, with the key first; all unless it is given, of lists without texts
 * that are as long as books.
 * @throws AppError BAD_USER_INPUT naming a field that there is not
 */
export function askedFields(
  { fields, key }: RestEntity,
  asked: string | undefined,
  further: readonly RestField[] = [],
  isList = false,
): readonly RestField[] {
  const all = [...fields.values(), ...further];
  if (asked === undefined) return isList ? all.filter(({ reads }) => reads.long !== true) : all;
  const names = new Set([key.name, ...asked.split(',').map((name) => name.trim())]);
  return [...names].map((name) => {
    const found = all.find((field) => field.name === name);
    if (found !== undefined) return found;
    throw new AppError('BAD_USER_INPUT', `\`fields\` names ${JSON.stringify(name.slice(0, 100))}, which there is not`, {
      path: 'fields',
      hint: `There are ${all.map((field) => field.name).join(', ')}.`,
    });
  });
}
