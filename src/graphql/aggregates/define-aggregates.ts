/** The fields that give aggregates: `videosAggregate` at the root, and beside each list of a parent row. */
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import { pageArguments } from '../connections.ts';
import type { GraphqlContext } from '../context.ts';
import { entityReads, inWords } from '../entities.ts';
import type { EntityReads, ListRelation, Row } from '../entity.ts';
import { filterInput } from '../filter-inputs.ts';
import { ownKey } from '../node.ts';
import type { RowFields } from '../object-fields.ts';
import { pageSize } from '../page.ts';
import { numberOf } from '../values.ts';
import { seeing } from '../visible.ts';
import { groupingEnum, groupOrderInput, havingInput } from './aggregate-inputs.ts';
import { groupTypes, resultsFor } from './aggregate-types.ts';
import { type Aggregated, childAggregate, rootAggregate } from './aggregates.ts';
import { groupingsOf, MOST_KEYS } from './group-keys.ts';
import { COUNT } from './measures.ts';

/** Points of a pass over a table, over one parent's rows, and of putting either into groups. */
const COST = { table: 1_000, parent: 10, groups: 500 } as const;

/** The field at the root. */
export function defineAggregate(reads: EntityReads): void {
  builder.queryField(`${reads.plural}Aggregate`, (t) =>
    t.field({
      type: aggregateType(reads),
      ...seeing(reads),
      description: `Figures over all ${inWords(reads)}, or over those that \`where\` finds, as a whole and in groups. ${exampleOf(reads)}`,
      args: whereArgument(reads),
      complexity: { field: COST.table, multiplier: 1 },
      resolve: (_root, given, context, info) => rootAggregate(context, reads, given, info),
    }),
  );
}

/** The field beside a list of a parent row. */
export function aggregateField(t: RowFields<Row>, owner: EntityReads, relation: ListRelation) {
  const target = entityReads(relation.target);
  const place = { owner, target, relation };
  return t.field({
    type: aggregateType(target),
    description: `Figures over these rows, as a whole and in groups: ${relation.description}`,
    args: whereArgument(target),
    complexity: { field: COST.parent, multiplier: 1 },
    resolve: (row: Row, given, context: GraphqlContext, info: GraphQLResolveInfo) =>
      childAggregate(context, place, ownKey(owner, row), given, info),
  });
}

const whereArgument = (reads: EntityReads) =>
  builder.args((t) => ({
    where: t.field({ type: filterInput(reads), description: 'What the rows must be like, as in the list.' }),
  }));

const aggregateRef = (name: string) => builder.objectRef<Aggregated>(name);
const made = new Map<string, ReturnType<typeof aggregateRef>>();

function aggregateType(reads: EntityReads): ReturnType<typeof aggregateRef> {
  const known = made.get(reads.type);
  if (known !== undefined) return known;
  const ref = aggregateRef(`${reads.type}Aggregate`);
  made.set(reads.type, ref);
  ref.implement({
    description: `Figures over some ${inWords(reads)}. Only those that are asked for are computed.`,
    fields: (t) => ({
      count: t.int({
        description: 'How many they are; what `totalCount` of the list says under the same `where`.',
        resolve: async ({ totals }) => numberOf(await totals(), COUNT.field.column) ?? 0,
      }),
      ...Object.fromEntries(
        resultsFor(reads).map(({ each, ref: results }) => [
          each.name,
          t.field({ type: results, description: each.description, resolve: ({ totals }) => totals() }),
        ]),
      ),
      groups: t.field({
        type: groupTypes(reads),
        description: `The same figures for each group of them: by their key in ascending order unless ordered otherwise. Such as \`${groupsOf(reads)}\`.`,
        args: groupArguments(reads),
        complexity: (given) => ({ field: COST.groups, multiplier: pageSize(given) }),
        resolve: ({ groups }, given, _context, info) => groups(given, info),
      }),
    }),
  });
  return ref;
}

const groupArguments = (reads: EntityReads) => ({
  ...pageArguments(),
  ...builder.args((t) => ({
    by: t.field({
      type: [groupingEnum(reads)],
      required: true,
      description: `What the rows of a group have in common: 1 to ${MOST_KEYS} keys.`,
    }),
    timeZone: t.string({
      description: 'The time zone whose clocks tell days and months apart, such as Europe/Berlin; UTC unless given.',
    }),
    having: t.field({ type: havingInput(reads), description: 'What the groups must be like.' }),
    orderBy: t.field({ type: [groupOrderInput(reads)], description: 'The order, most important value first.' }),
  })),
});

/** A question that is really asked of the type, as a document says it. */
const exampleOf = (reads: EntityReads): string =>
  `Such as \`{ ${reads.plural}Aggregate { count ${groupsOf(reads)} } }\`.`;

/** By its status or the like, else by the month of its first date. */
function groupsOf(reads: EntityReads): string {
  const groupings = [...groupingsOf(reads)];
  const [value, { key, bucket }] = groupings.find(
    ([
      ,
      {
        key: { field },
      },
    ]) => field.values !== undefined,
  ) ??
    groupings.find(([, { bucket: each }]) => each === 'month') ??
    groupings[0] ?? ['', { key: undefined }];
  const shown = key === undefined ? '' : `key { ${key.name}${bucket === undefined ? '' : ' { label }'} } `;
  return `groups(by: [${value}], orderBy: [{ count: DESC }]) { nodes { ${shown}count } }`;
}
