/** JSON Schemas of fields, rows and pages, made from the declarations. */
import Type, { type TObject, type TSchema } from 'typebox';
import type { FieldKind, FieldReads } from '../graphql/entity.ts';
import type { RestEntity, RestField } from './entity.ts';

/** What JSON holds for each kind. */
const SHAPES: Record<FieldKind, Readonly<Record<string, unknown>>> = {
  id: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  text: { type: 'string' },
  enumeration: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  bigint: { type: 'integer' },
  float: { type: 'number' },
  dateTime: { type: 'string', format: 'date-time' },
  json: {},
};

/** A schema written as JSON Schema has it; what it describes is checked by it alone. */
export const plain = (schema: Readonly<Record<string, unknown>>): TSchema => Type.Unsafe<unknown>(schema);

/** A field's values; NULL among them where the field may have none. */
function valueSchema(field: FieldReads): TSchema {
  return plain({ ...shapeOf(field), description: field.description });
}

/** The same without a word of what the field means. */
export function shapeOf({
  kind,
  nullable,
  values,
}: Pick<FieldReads, 'kind' | 'nullable' | 'values'>): Readonly<Record<string, unknown>> {
  const { type, ...rest } = SHAPES[kind];
  if (type === undefined) return rest;
  const listed = values?.values;
  return {
    type: nullable ? [type, 'null'] : type,
    ...rest,
    ...(listed !== undefined && { enum: nullable ? [...listed, null] : listed }),
  };
}

/** A parameter of a path that names a value of the field. */
export const parameterSchema = ({ reads }: RestField, example: unknown): TSchema =>
  plain({
    ...shapeOf({ ...reads, nullable: false }),
    ...(reads.kind === 'bigint' && { minimum: 1 }),
    description: reads.description,
    examples: [example],
  });

/** The parameter of a path that names a row. */
export const keySchema = ({ key, example, one }: RestEntity): TSchema =>
  plain({ ...parameterSchema(key, example), $id: `${one}.key` });

/** The parameter that says which fields of rows are given. */
export const fieldsSchema = ({ key, one }: RestEntity) =>
  Type.Optional(
    Type.String({
      $id: `${one}.fields`,
      description: 'Only these fields, separated by commas; the key is always among them.',
      examples: [key.name],
    }),
  );

/** What a client gives for a field. A date alone means its midnight in UTC. */
export function givenSchema(field: FieldReads, description: string, nullable: boolean): TSchema {
  if (field.kind !== 'dateTime') return plain({ ...shapeOf({ ...field, nullable }), description });
  return plain({ type: nullable ? ['string', 'null'] : 'string', description, examples: [DATE] });
}

const DATE = '2025-11-20T14:31:00Z';

const made = new Map<string, TObject>();

/** A row, or those of its fields that were asked for; the key is always among them. */
export function rowSchema(entity: RestEntity, further: readonly RestField[] = [], name = entity.one): TObject {
  const known = made.get(name);
  if (known !== undefined) return known;
  const properties = Object.fromEntries(
    [...entity.fields.values(), ...further].map(({ name: field, reads }) => {
      const schema = valueSchema(reads);
      return [field, field === entity.key.name ? schema : Type.Optional(schema)];
    }),
  );
  const schema = Type.Object(properties, {
    $id: name,
    description: `${entity.reads.description} The key, and the fields that were asked for: all of them unless \`fields\` says which.`,
    additionalProperties: false,
  });
  made.set(name, schema);
  return schema;
}

const PAGE = Type.Object(
  {
    limit: Type.Integer({ description: 'How many rows a page has at most.' }),
    offset: Type.Optional(Type.Integer({ description: 'How many rows were left out before it.' })),
    next_cursor: Type.Optional(
      plain({ type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last one.' }),
    ),
    total: Type.Optional(Type.Integer({ description: 'How many rows the whole list has, where that was asked for.' })),
  },
  { $id: 'Page', description: 'Where a page stands in its list.', additionalProperties: false },
);

/** A page of rows. */
export const pageSchema = (row: TObject): TObject =>
  Type.Object({ data: Type.Array(row), page: PAGE }, { additionalProperties: false });
