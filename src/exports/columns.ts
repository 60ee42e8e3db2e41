/** Which columns a source has, and how each is read from a row `t`. */
import { identifier } from '../database/copy.ts';
import type { EntityReads, FieldKind, FieldReads } from '../graphql/entity.ts';
import type { Dataset, PartTable } from '../ingest/dataset.ts';
import { partsName } from '../ingest/exported/exported-rows.ts';
import type { Column, Columns } from '../ingest/table.ts';
import type { ExportColumn } from './format.ts';

export interface SourceColumn extends ExportColumn {
  /** Over a row `t`. */
  readonly sql: string;
}

const KINDS: readonly (readonly [RegExp, FieldKind])[] = [
  [/^timestamp/, 'dateTime'],
  [/^(integer|smallint)$/, 'integer'],
  [/^bigint$/, 'bigint'],
  [/^(numeric|double precision|real)/, 'float'],
  [/^boolean$/, 'boolean'],
  [/^uuid$/, 'uuid'],
  [/^jsonb?$/, 'json'],
];

const kindOf = ({ type }: Column): FieldKind => KINDS.find(([form]) => form.test(type))?.[1] ?? 'text';

/** The columns of a declared type: what the API shows of its rows. */
export const declaredColumns = ({ fields }: EntityReads): SourceColumn[] =>
  Object.values(fields).map(({ column, kind, nullable }: FieldReads) => columnOf(column, kind, nullable));

const columnOf = (name: string, kind: FieldKind, nullable: boolean): SourceColumn => ({
  name,
  kind,
  nullable,
  sql: `t.${identifier(name)}`,
});

/**
 * The columns that a dataset reads back: its key first, its fields, the JSON of what no field claims, and its parts as JSON.
 * `table` is what the database says of its table.
 */
export function datasetColumns(dataset: Dataset, table: Columns, reads: EntityReads | undefined): SourceColumn[] {
  const own = Object.keys(dataset.fields).filter((name) => !name.includes('.') && !dataset.key.includes(name));
  const names = [...dataset.key, ...own, ...(dataset.rest === undefined ? [] : [dataset.rest])];
  const declared = new Map(Object.values(reads?.fields ?? {}).map((field) => [field.column, field]));
  const columns = names.flatMap((name) => {
    const column = table.get(name);
    const field = declared.get(name);
    return column === undefined ? [] : [columnOf(name, field?.kind ?? kindOf(column), !column.required)];
  });
  return [...columns, ...(dataset.parts ?? []).map((part) => partsColumn(dataset, part))];
}

/** Parts as one JSON list, under the name that the dataset reads them by: `video_segments` of videos are `segments`. */
function partsColumn({ table, key }: Dataset, part: PartTable): SourceColumn {
  const name = partsName({ table }, part);
  const [owner, position] = part.key;
  const pairs = part.columns.map((column) => `'${column}', p.${identifier(column)}`).join(', ');
  const rows = `${identifier(part.table)} p WHERE p.${identifier(owner)} = t.${identifier(key[0] ?? '')}`;
  const sql = `(SELECT json_agg(json_build_object(${pairs}) ORDER BY p.${identifier(position)}) FROM ${rows})`;
  return { name, kind: 'json', nullable: true, sql };
}

/** That the row has parts: others have nothing to say in a dataset that is about these. */
export function hasParts({ key }: Dataset, part: PartTable): string {
  return `EXISTS (SELECT FROM ${identifier(part.table)} p WHERE p.${identifier(part.key[0])} = t.${identifier(key[0] ?? '')})`;
}
