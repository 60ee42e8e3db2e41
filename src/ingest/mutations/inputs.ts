/** The inputs of a type's mutations, made from its declarations. */
import type { InputFieldBuilder } from '@pothos/core';
import { builder } from '../../graphql/builder.ts';
import type { FieldKind } from '../../graphql/entity.ts';
import { enumRef } from '../../graphql/enum-refs.ts';
import type { Given } from './check.ts';
import type { Mutable } from './mutable.ts';
import type { WritableField } from './writable.ts';

type Inputs = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

const inputRef = (name: string) => builder.inputRef<Given, false>(name);
export type InputRef = ReturnType<typeof inputRef>;

export interface MutationInputs {
  /** A new row: what it must have is required. */
  readonly create: InputRef;
  /** What to change of a row that is named elsewhere. */
  readonly patch: InputRef;
  /** A row by its key, new or not. */
  readonly record: InputRef;
}

export function mutationInputs(mutable: Mutable): MutationInputs {
  const { reads, fields, key, keyRule } = mutable;
  const inputs = {
    create: inputRef(`Create${reads.type}Input`),
    patch: inputRef(`${reads.type}Patch`),
    record: inputRef(`${reads.type}Record`),
  };
  inputs.create.implement({
    description: `A new row of the ${mutable.words}. Values pass the rules by which files are read.`,
    fields: (t) =>
      Object.fromEntries(
        fields.map((field) => {
          const made = field === key && keyRule !== undefined;
          const description = made ? `${field.reads.description} ${keyRule.description}` : field.reads.description;
          return [field.name, inputField(t, field, field.required && !made, description)];
        }),
      ),
  });
  inputs.patch.implement({
    description: 'What to change: an absent field is kept, null or an empty text clears it.',
    fields: (t) =>
      Object.fromEntries(
        fields
          .filter((field) => field !== key)
          .map((field) => [field.name, inputField(t, field, false, changed(field))]),
      ),
  });
  inputs.record.implement({
    description: `One of the ${mutable.words} by its key: made if it is new, else changed like by a patch.`,
    fields: (t) =>
      Object.fromEntries([
        ...fields.map((field) => [field.name, inputField(t, field, field === key, changed(field))] as const),
        ['ifVersion', t.int({ description: 'The version that you saw: CONFLICT if the row is at another, or gone.' })],
      ]),
  });
  return inputs;
}

function changed({ reads, clearable }: WritableField): string {
  if (reads.kind === 'json') return `${reads.description} Replaced as a whole.`;
  return clearable ? reads.description : `${reads.description} Cannot be cleared.`;
}

function inputField(t: Inputs, { reads, target }: WritableField, required: boolean, told: string) {
  const description = target === undefined ? told : `${told} The row must be there.`;
  if (reads.values !== undefined) return t.field({ type: enumRef(reads.values), required, description });
  return t.field({ type: SCALAR_OF[reads.kind], required, description });
}

/** The scalar in which a field of a kind is given. */
export const SCALAR_OF = {
  id: 'ID',
  uuid: 'ID',
  text: 'String',
  enumeration: 'String',
  boolean: 'Boolean',
  integer: 'Int',
  bigint: 'BigInt',
  float: 'Float',
  dateTime: 'DateTime',
  json: 'JSON',
} as const satisfies Record<FieldKind, string>;
