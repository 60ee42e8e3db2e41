/** The inputs of `where`, made from the declarations: one per type, one per kind of field, one per list relation. */
import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from './builder.ts';
import { entityReads, inWords } from './entities.ts';
import type { EntityReads, FieldReads, ListRelation, RelationReads } from './entity.ts';
import { type FilterRef, fieldInput, inputOnce } from './field-inputs.ts';
import { CONDITION_OPERATORS, operatorsOf } from './operators.ts';
import { LINK, QUANTIFIERS } from './related-filters.ts';

/** The `where` of lists of a type. */
export function filterInput(reads: EntityReads): FilterRef {
  return inputOnce(`${reads.type}Filter`, (ref) => {
    ref.implement({
      description: `What ${inWords(reads)} must be like. Every condition given holds; \`or\` and \`not\` combine them otherwise.${exampleOf(reads)}`,
      fields: (t) => ({
        and: t.field({ type: [ref], description: 'All of these hold.' }),
        or: t.field({ type: [ref], description: 'At least one of these holds; of an empty list none does.' }),
        not: t.field({ type: ref, description: 'This does not hold; what is absent counts as not holding.' }),
        ...fieldInputs(t, reads.fields),
        ...Object.fromEntries(
          Object.entries(reads.relations).map(([name, relation]) => [name, relationField(t, reads, name, relation)]),
        ),
        ...Object.fromEntries(
          Object.entries(reads.conditions ?? {}).map(([name, { values, description }]) => [
            name,
            t.field({
              type: fieldInput({ ...CONDITION, values, description }, CONDITION_OPERATORS, 'Condition'),
              description,
            }),
          ]),
        ),
      }),
    });
  });
}

type Inputs = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

const fieldInputs = (t: Inputs, fields: Readonly<Record<string, FieldReads>>) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => operatorsOf(field).length > 0)
      .map(([name, field]) => [
        name,
        t.field({ type: fieldInput(field, operatorsOf(field)), description: field.description }),
      ]),
  );

/** A condition takes what an enumeration takes. */
const CONDITION = { column: '', kind: 'enumeration', nullable: false, filter: true, order: false } as const;

/** One question that a list of the type is really asked. */
function exampleOf(reads: EntityReads): string {
  const fields = Object.entries(reads.fields);
  const text = fields.find(([, field]) => field.kind === 'text' && field.long !== true)?.[0];
  const [status, { values }] = fields.find(([, field]) => field.values !== undefined) ?? ['', { values: undefined }];
  const parts = [
    ...(text === undefined ? [] : [`${text}: { contains: "glif" }`]),
    ...(values === undefined
      ? []
      : [
          `${status}: { in: [${values.values
            .slice(0, 2)
            .map((value) => value.toUpperCase())
            .join(', ')}] }`,
        ]),
  ];
  return parts.length === 0 ? '' : ` Such as \`where: { ${parts.join(', ')} }\`.`;
}

function relationField(t: Inputs, reads: EntityReads, name: string, relation: RelationReads) {
  const { description } = relation;
  if (relation.kind === 'one') {
    const key = Object.entries(reads.fields).find(([, { column }]) => column === relation.column)?.[0];
    const none = key === undefined ? '' : ` \`${key}: { isNull: true }\` finds what has none.`;
    return t.field({ type: filterInput(entityReads(relation.target)), description: `${description}${none}` });
  }
  return t.field({ type: listInput(reads, name, relation), description });
}

/** To many rows: conditions that some, none or each of them meets; and on the links, where these say something. */
function listInput(owner: EntityReads, name: string, relation: ListRelation): FilterRef {
  const target = entityReads(relation.target);
  const edge = relation.kind === 'through' ? relation.edge : {};
  const says = Object.keys(edge);
  const own = says.length === 0 ? target.type : `${owner.type}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return inputOnce(`${own}ListFilter`, (ref) => {
    ref.implement({
      description: `Conditions on a list of ${inWords(target)}. Every one given holds. Such as \`${name}: { none: {} }\`.`,
      fields: (t) => ({
        ...Object.fromEntries(
          Object.entries(QUANTIFIERS).map(([quantifier, description]) => [
            quantifier,
            t.field({ type: filterInput(target), description }),
          ]),
        ),
        ...(says.length > 0 && {
          [LINK]: t.field({
            type: linkInput(own, edge),
            description: `Only rows whose link is like this are looked at by some, none and every. Such as \`${name}: { some: {}, link: { ${says[0]}: { gte: 0.5 } } }\`.`,
          }),
        }),
      }),
    });
  });
}

const linkInput = (own: string, edge: Readonly<Record<string, FieldReads>>): FilterRef =>
  inputOnce(`${own}LinkFilter`, (ref) => {
    ref.implement({
      description: `What a link itself must be like. Every condition given holds. Such as \`${Object.keys(edge)[0]}: { isNull: false }\`.`,
      fields: (t) => fieldInputs(t, edge),
    });
  });
