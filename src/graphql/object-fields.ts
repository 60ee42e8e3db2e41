/** The scalar fields of a declared type, each reading its column. */
import type { ObjectFieldBuilder } from '@pothos/core';
import { AppError } from '../kernel/errors.ts';
import type { builder } from './builder.ts';
import type { FieldReads, Row } from './entity.ts';
import { enumRef } from './enum-refs.ts';
import { bigintOf, booleanOf, dateOf, jsonOf, numberOf, textOf } from './values.ts';

export type RowFields<Parent> = ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Parent>;

/** Points of a text that may be a book, over and over in one answer: thousands of them are hundreds of megabytes. */
const LONG_TEXT = 100;

type Read<Value> = (row: Row, column: string) => Value | null;

/** A field that reads `column` of the row that `rowOf` takes from its parent. */
export function columnField<Parent>(
  t: RowFields<Parent>,
  field: FieldReads,
  column: string,
  rowOf: (parent: Parent) => Row,
) {
  return field.nullable ? optionalField(t, field, column, rowOf) : requiredField(t, field, column, rowOf);
}

function optionalField<Parent>(
  t: RowFields<Parent>,
  field: FieldReads,
  column: string,
  rowOf: (parent: Parent) => Row,
) {
  const { description, kind, long, values } = field;
  const from = <Value>(read: Read<Value>) => ({
    nullable: true as const,
    description,
    resolve: (parent: Parent) => read(rowOf(parent), column),
  });
  if (values !== undefined) return t.field({ type: enumRef(values), ...from(textOf) });
  switch (kind) {
    case 'id':
    case 'uuid':
      return t.id(from(textOf));
    case 'text':
    case 'enumeration':
      return t.string({ ...from(textOf), ...(long && { complexity: LONG_TEXT }) });
    case 'boolean':
      return t.boolean(from(booleanOf));
    case 'integer':
      return t.int(from(numberOf));
    case 'float':
      return t.float(from(numberOf));
    case 'bigint':
      return t.field({ type: 'BigInt', ...from(bigintOf) });
    case 'dateTime':
      return t.field({ type: 'DateTime', ...from(dateOf) });
    case 'json':
      return t.field({ type: 'JSON', ...from(jsonOf) });
  }
}

function requiredField<Parent>(
  t: RowFields<Parent>,
  field: FieldReads,
  column: string,
  rowOf: (parent: Parent) => Row,
) {
  const { description, kind, long, values } = field;
  const from = <Value>(read: Read<Value>) => ({
    description,
    resolve: (parent: Parent): Value => {
      const value = read(rowOf(parent), column);
      if (value === null) throw new AppError('INTERNAL', `The column ${column} is declared without NULLs and has one`);
      return value;
    },
  });
  if (values !== undefined) return t.field({ type: enumRef(values), ...from(textOf) });
  switch (kind) {
    case 'id':
    case 'uuid':
      return t.id(from(textOf));
    case 'text':
    case 'enumeration':
      return t.string({ ...from(textOf), ...(long && { complexity: LONG_TEXT }) });
    case 'boolean':
      return t.boolean(from(booleanOf));
    case 'integer':
      return t.int(from(numberOf));
    case 'float':
      return t.float(from(numberOf));
    case 'bigint':
      return t.field({ type: 'BigInt', ...from(bigintOf) });
    case 'dateTime':
      return t.field({ type: 'DateTime', ...from(dateOf) });
    case 'json':
      return t.field({ type: 'JSON', ...from(jsonOf) });
  }
}
