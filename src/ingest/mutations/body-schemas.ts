/** What the bodies of writes hold, made from what may be written of a type. */
import Type, { type TObject, type TSchema } from 'typebox';
import { givenSchema } from '../../rest/schemas.ts';
import type { Mutable } from './mutable.ts';
import type { WritableField } from './writable.ts';

export interface BodySchemas {
  /** A new row. */
  readonly create: TObject;
  /** A whole row whose key the address names. */
  readonly whole: TObject;
  /** What to change. */
  readonly patch: TObject;
}

/** `mutable` names its fields by their columns. */
export function bodySchemas({ reads, fields, key, keyRule, words }: Mutable): BodySchemas {
  const object = (name: string, description: string, schemaOf: (field: WritableField) => TSchema, own = fields) =>
    Type.Object(Object.fromEntries(own.map((field) => [field.name, schemaOf(field)])), {
      $id: name,
      description,
      additionalProperties: false,
    });
  const isMade = (field: WritableField): boolean => field.column === key.column && keyRule !== undefined;
  const told = (field: WritableField): string =>
    [
      field.reads.description,
      ...(isMade(field) ? [keyRule?.description] : []),
      ...(field.target === undefined ? [] : ['The row must be there.']),
    ].join(' ');
  const schemaFor = (field: WritableField, isRequired: boolean): TSchema => {
    const schema = givenSchema(field.reads, told(field), !isRequired);
    return isRequired ? schema : Type.Optional(schema);
  };
  const others = fields.filter((field) => field.column !== key.column);
  return {
    create: object(
      `New${reads.type}`,
      `A new row of the ${words}. Values pass the rules by which files are read.`,
      (field) => schemaFor(field, field.required && !isMade(field)),
    ),
    whole: object(
      `Whole${reads.type}`,
      `One of the ${words}, whole: a field that is left out has no value or its default afterwards.`,
      (field) => schemaFor(field, field.required && field.column !== key.column),
    ),
    patch: object(
      `${reads.type}Patch`,
      'A JSON Merge Patch: an absent field is kept, null clears it, an object is merged.',
      (field) => schemaFor(field, false),
      others,
    ),
  };
}
