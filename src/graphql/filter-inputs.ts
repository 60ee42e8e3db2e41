/** The inputs of `where`, made from the declarations: one per type, one per kind of field, one per list relation. */
import type { InputFieldBuilder } from '@pothos/core';
import { builder } from './builder.ts';
import { entityReads, inWords } from './entities.ts';
import type { EntityReads, FieldKind, FieldReads, RelationReads } from './entity.ts';
import { enumRef } from './enumerations.ts';
import { operatorsOf } from './operators.ts';

type Where = Record<string, unknown>;
type Inputs = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

const inputRef = (name: string) => builder.inputRef<Where, false>(name);
type FilterRef = ReturnType<typeof inputRef>;

const made = new Map<string, FilterRef>();

/** The input of this name; `implement` says what it holds, when it is first asked for. */
function inputOnce(name: string, implement: (ref: FilterRef) => void): FilterRef {
  const known = made.get(name);
  if (known !== undefined) return known;
  const ref = inputRef(name);
  made.set(name, ref);
  implement(ref);
  return ref;
}

/** The `where` of lists of a type. */
export function filterInput(reads: EntityReads): FilterRef {
  return inputOnce(`${reads.type}Filter`, (ref) => {
    ref.implement({
      description: `What ${inWords(reads)} must be like. Every condition given holds; \`or\` and \`not\` combine them otherwise.`,
      fields: (t) => ({
        and: t.field({ type: [ref], description: 'All of these hold.' }),
        or: t.field({ type: [ref], description: 'At least one of these holds; of an empty list none does.' }),
        not: t.field({ type: ref, description: 'This does not hold; what is absent counts as not holding.' }),
        ...Object.fromEntries(
          Object.entries(reads.fields)
            .filter(([, field]) => operatorsOf(field).length > 0)
            .map(([name, field]) => [name, t.field({ type: fieldInput(field), description: field.description })]),
        ),
        ...Object.fromEntries(
          Object.entries(reads.relations).map(([name, relation]) => [
            name,
            t.field({ type: relationInput(relation), description: relation.description }),
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(reads.conditions ?? {}).map(([name, { values, description }]) => [
            name,
            t.field({ type: fieldInput({ ...CONDITION, values, description }), description }),
          ]),
        ),
      }),
    });
  });
}

const KIND_NAME: Record<FieldKind, string> = {
  id: 'Id',
  uuid: 'Id',
  text: 'Text',
  enumeration: 'Enumeration',
  boolean: 'Boolean',
  integer: 'Int',
  bigint: 'BigInt',
  float: 'Float',
  dateTime: 'DateTime',
  json: 'Json',
};

/** A condition takes what an enumeration takes. */
const CONDITION = { column: '', kind: 'enumeration', nullable: false, filter: true, order: false } as const;

function fieldInput(field: FieldReads): FilterRef {
  const name = field.values?.name ?? KIND_NAME[field.kind];
  return inputOnce(`${name}Filter`, (ref) => {
    ref.implement({
      description: `Conditions on a field of the kind ${name}. Every one given holds.`,
      fields: (t) =>
        Object.fromEntries(
          operatorsOf(field).map(({ name: operator, takes, description }) => [
            operator,
            operand(t, field, takes === 'list', description),
          ]),
        ),
    });
  });
}

function operand(t: Inputs, field: FieldReads, list: boolean, description: string) {
  if (field.values !== undefined) {
    const type = enumRef(field.values);
    return list ? t.field({ type: [type], description }) : t.field({ type, description });
  }
  const type = SCALAR_OF[field.kind];
  return list ? t.field({ type: [type], description }) : t.field({ type, description });
}

const SCALAR_OF = {
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

/** To one row: its own conditions. To many: conditions that some of them meets. */
function relationInput(relation: RelationReads): FilterRef {
  const target = entityReads(relation.target);
  if (relation.kind === 'one') return filterInput(target);
  return inputOnce(`${target.type}ListFilter`, (ref) => {
    ref.implement({
      description: `Conditions on a list of ${inWords(target)}.`,
      fields: (t) => ({
        some: t.field({ type: filterInput(target), description: 'At least one of them is like this.' }),
      }),
    });
  });
}
