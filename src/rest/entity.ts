/** A declared type as REST shows it: under the names of its table's columns. Made from the declaration that GraphQL reads. */
import { keyColumn } from '../graphql/entities.ts';
import type { EntityReads, FieldReads } from '../graphql/entity.ts';
import { AppError } from '../kernel/errors.ts';

export interface RestField {
  /** The column's name. */
  readonly name: string;
  readonly reads: FieldReads;
  /** What the declaration calls it, in `where` and `orderBy`; undefined of what lists are neither filtered nor ordered by. */
  readonly declared: string | undefined;
  /** Its value as SQL over a row of `alias`, which has the key and the columns asked for; the column itself unless given. */
  readonly sql?: ((alias: string) => string) | undefined;
}

export interface RestEntity {
  readonly reads: EntityReads;
  /** Below the API's root, such as `/search-queue`. */
  readonly path: string;
  /** What people call many of them, with a capital: the documentation's heading. */
  readonly tag: string;
  /** Of one of them in names of operations, such as `SearchQueueItem`. */
  readonly one: string;
  /** Of many. */
  readonly many: string;
  /** By name, in the order of the declaration. */
  readonly fields: ReadonlyMap<string, RestField>;
  readonly key: RestField;
  /** A key, for the documentation. */
  readonly example: string | number;
  /** Whether rows have a version, which is then their entity tag. */
  readonly versioned: boolean;
}

/** What a type shows in REST beside the fields of its declaration. */
export interface FurtherField extends FieldReads {
  readonly sql?: (alias: string) => string;
}

/** A column that is shown, and no more: lists are neither filtered nor ordered by it. */
export const shown = (
  column: string,
  kind: FieldReads['kind'],
  nullable: boolean,
  description: string,
): FurtherField => ({ column, kind, nullable, filter: false, order: false, description });

/**
 * The type as REST shows it; `example` is a key.
 * @throws AppError DECLARATION_INVALID when a name stands for two fields
 */
export function restEntity(
  reads: EntityReads,
  example: string | number,
  further: readonly FurtherField[] = [],
): RestEntity {
  const declared = Object.entries(reads.fields).map(([name, field]): RestField => restField(field, name));
  const shown = [...declared, ...further.map((field) => ({ ...restField(field), sql: field.sql }))];
  const fields = new Map(shown.map((field) => [field.name, field]));
  const key = fields.get(keyColumn(reads));
  if (key === undefined || fields.size < shown.length) {
    throw new AppError('DECLARATION_INVALID', `Two fields of ${reads.type} have one column`);
  }
  const words = reads.table.split('_');
  return {
    reads,
    path: `/${words.join('-')}`,
    tag: capital(words.join(' ')),
    one: reads.type,
    many: capital(reads.plural),
    fields,
    key,
    example,
    versioned: fields.has(VERSION),
  };
}

/** A column as a field under its own name; `declared` is what the declaration calls it. */
export const restField = (reads: FieldReads, declared?: string): RestField => ({
  name: reads.column,
  reads,
  declared,
});

/** The column whose number grows with every change of the row. */
export const VERSION = 'version';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
