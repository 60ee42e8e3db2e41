/** The inputs of conditions on a field: one per kind of field, with the operators of its table. */
import type { InputFieldBuilder } from '@pothos/core';
import { builder } from './builder.ts';
import type { FieldKind, FieldReads } from './entity.ts';
import { enumRef } from './enum-refs.ts';
import { enumName } from './enumerations.ts';
import { PATH } from './field-filters.ts';
import type { Operator } from './operators/operator.ts';

type Where = Record<string, unknown>;
type Inputs = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

const inputRef = (name: string) => builder.inputRef<Where, false>(name);
export type FilterRef = ReturnType<typeof inputRef>;

const made = new Map<string, FilterRef>();

/** The input of this name; `implement` says what it holds, when it is first asked for. */
export function inputOnce(name: string, implement: (ref: FilterRef) => void): FilterRef {
  const known = made.get(name);
  if (known !== undefined) return known;
  const ref = inputRef(name);
  made.set(name, ref);
  implement(ref);
  return ref;
}

interface KindInput {
  readonly name: string;
  readonly scalar: 'ID' | 'String' | 'Boolean' | 'Int' | 'BigInt' | 'Float' | 'DateTime' | 'JSON';
  /** A value as a document writes it. */
  readonly example: string;
}

const ID: KindInput = { name: 'Id', scalar: 'ID', example: '"Video_001"' };

const INPUTS: Record<FieldKind, KindInput> = {
  id: ID,
  uuid: { name: 'Uuid', scalar: 'ID', example: '"019a0b1c-2d3e-7f40-8a51-62738495a6b7"' },
  text: { name: 'Text', scalar: 'String', example: '"glif"' },
  enumeration: { name: 'Enumeration', scalar: 'String', example: '"vid"' },
  boolean: { name: 'Boolean', scalar: 'Boolean', example: 'true' },
  integer: { name: 'Int', scalar: 'Int', example: '3' },
  bigint: { name: 'BigInt', scalar: 'BigInt', example: '"3"' },
  float: { name: 'Float', scalar: 'Float', example: '0.5' },
  dateTime: { name: 'DateTime', scalar: 'DateTime', example: '"2025-11-20"' },
  json: { name: 'Json', scalar: 'JSON', example: '"glif"' },
};

/** The input of a field's conditions. `variant` tells apart inputs of one kind that offer other operators. */
export function fieldInput(field: FieldReads, operators: readonly Operator[], variant = ''): FilterRef {
  const kind = field.long === true ? `Long${INPUTS[field.kind].name}` : INPUTS[field.kind].name;
  const name = field.values?.name ?? kind;
  const [first] = field.values?.values ?? [];
  const example = first === undefined ? INPUTS[field.kind].example : enumName(first);
  return inputOnce(`${name}${variant}Filter`, (ref) => {
    ref.implement({
      description: `Conditions on a field of the kind ${name}. Every one given holds.`,
      fields: (t) => ({
        ...(field.kind === 'json' && {
          [PATH]: t.stringList({
            description:
              'Where the operators beside it look: keys from the top, in lists places from 0; everywhere at the top unless given. Such as `path: ["tags"], contains: "glif"`.',
          }),
        }),
        ...Object.fromEntries(
          operators.map((operator) => [
            operator.name,
            operand(
              t,
              field,
              operator,
              `${operator.description} Such as \`${operator.name}: ${operator.example(example)}\`.`,
            ),
          ]),
        ),
      }),
    });
  });
}

function operand(t: Inputs, field: FieldReads, { takes }: Operator, description: string) {
  if (takes === 'flag') return t.boolean({ description });
  if (takes === 'range') return t.field({ type: rangeInput(field.kind), description });
  const type = takes === 'json' ? 'JSON' : INPUTS[field.kind].scalar;
  const list = takes === 'list';
  if (field.values !== undefined) {
    const listed = enumRef(field.values);
    return list ? t.field({ type: [listed], description }) : t.field({ type: listed, description });
  }
  return list ? t.field({ type: [type], description }) : t.field({ type, description });
}

const rangeInput = (kind: FieldKind): FilterRef =>
  inputOnce(`${INPUTS[kind].name}Range`, (ref) => {
    const type = INPUTS[kind].scalar;
    ref.implement({
      description: 'From one value to another, both included.',
      fields: (t) => ({
        from: t.field({ type, required: true, description: 'The least.' }),
        to: t.field({ type, required: true, description: 'The greatest.' }),
      }),
    });
  });
