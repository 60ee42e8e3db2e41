/** What groups are asked by: the enum of their keys, the inputs of `having` and of `orderBy`. Made from the declarations. */
import { builder } from '../builder.ts';
import { inWords } from '../entities.ts';
import type { EntityReads } from '../entity.ts';
import { type FilterRef, fieldInput, inputOnce } from '../field-inputs.ts';
import { operatorsOf } from '../operators.ts';
import { DirectionEnum } from '../order-inputs.ts';
import { groupingsOf, groupKeysOf } from './group-keys.ts';
import { type AggregateFunction, COUNT, FUNCTIONS, resultsOf } from './measures.ts';

/** The enum of a type's `by`. */
export const groupingEnum = (reads: EntityReads) =>
  builder.enumType(`${reads.type}GroupBy`, {
    description: `By what ${inWords(reads)} can be grouped.`,
    values: Object.fromEntries(
      [...groupingsOf(reads)].map(([value, { key, bucket }]) => {
        const stretch = bucket === undefined ? '' : ` By ${bucket}, in the local time of \`timeZone\`.`;
        const several = key.link === undefined ? '' : ' A row with several of them is in the group of each.';
        return [value, { value, description: `${key.field.description}${stretch}${several}` }];
      }),
    ),
  });

/** Functions that give something for the type, and what by field. */
const functionsOf = (reads: EntityReads) =>
  FUNCTIONS.map((each) => ({ each, results: Object.entries(resultsOf(reads, each)) })).filter(
    ({ results }) => results.length > 0,
  );

/** The `having` of a type's groups. */
export function havingInput(reads: EntityReads): FilterRef {
  return inputOnce(`${reads.type}Having`, (ref) => {
    ref.implement({
      description: `What groups of ${inWords(reads)} must be like. Every condition given holds. Such as \`having: { count: { gt: 1 } }\`.`,
      fields: (t) => ({
        and: t.field({ type: [ref], description: 'All of these hold.' }),
        or: t.field({ type: [ref], description: 'At least one of these holds; of an empty list none does.' }),
        not: t.field({ type: ref, description: 'This does not hold; what is absent counts as not holding.' }),
        count: t.field({
          type: fieldInput(COUNT.field, operatorsOf(COUNT.field)),
          description: COUNT.field.description,
        }),
        ...Object.fromEntries(
          functionsOf(reads).map(({ each }) => [
            each.name,
            t.field({ type: functionInput(reads, each), description: each.description }),
          ]),
        ),
      }),
    });
  });
}

function functionInput(reads: EntityReads, each: AggregateFunction): FilterRef {
  return inputOnce(`${reads.type}${each.suffix}Having`, (ref) => {
    ref.implement({
      description: `Conditions on what \`${each.name}\` gives for ${inWords(reads)}, by field. Every one given holds.`,
      fields: (t) =>
        Object.fromEntries(
          Object.entries(resultsOf(reads, each)).map(([name, { field }]) => [
            name,
            t.field({ type: fieldInput(field, operatorsOf(field)), description: field.description }),
          ]),
        ),
    });
  });
}

/** The order of a type's groups: one value each, of the key or computed. */
export function groupOrderInput(reads: EntityReads) {
  const keys = groupKeysOf(reads).map(({ name, field }) => ({ name, field }));
  const nested = [
    {
      name: 'key',
      ref: placements(`${reads.type}GroupKeyOrder`, 'An order by one field of the key, which `by` must name.', keys),
      description: 'By the key; a related row by its own key.',
    },
    ...functionsOf(reads).map(({ each, results }) => ({
      name: each.name,
      ref: placements(
        `${reads.type}${each.suffix}Order`,
        `An order by what \`${each.name}\` gives for one field.`,
        results.map(([name, { field }]) => ({ name, field })),
      ),
      description: each.description,
    })),
  ];
  return builder.inputType(`${reads.type}GroupOrder`, {
    description: `An order of groups of ${inWords(reads)}: one value each; the list's next entry decides between equals, and the key at last. Such as \`orderBy: [{ count: DESC }]\`.`,
    isOneOf: true,
    fields: (t) => ({
      count: t.field({ type: DirectionEnum, description: COUNT.field.description }),
      ...Object.fromEntries(nested.map(({ name, ref, description }) => [name, t.field({ type: ref, description })])),
    }),
  });
}

const placements = (
  name: string,
  description: string,
  fields: readonly { readonly name: string; readonly field: { readonly description: string } }[],
) =>
  builder.inputType(name, {
    description,
    isOneOf: true,
    fields: (t) =>
      Object.fromEntries(
        fields.map((one) => [one.name, t.field({ type: DirectionEnum, description: one.field.description })]),
      ),
  });
