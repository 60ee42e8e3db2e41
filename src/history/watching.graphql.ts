/** Every list can be watched whose rows' changes are kept: one subscription for each, made from its declaration. */
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { declaredEntities, entityRef, fieldOf, inWords } from '../graphql/entities.ts';
import type { EntityReads } from '../graphql/entity.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { filterInput } from '../graphql/filter-inputs.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { requireAsked } from '../graphql/visible.ts';
import { changes } from './changes.read.ts';
import { latestChange } from './latest-change.ts';
import type { RowChange } from './member-changes.ts';
import { type ListChanges, MOST_IN_EVENT, MOST_TOLD, watchList } from './watch.ts';

const EVENT_KIND = enumeration('ListEventKind', 'What an event says of a watched list.', ['ready', 'changed', 'reset']);
const ROW_KIND = enumeration('RowEventKind', 'What has become of a row of a watched list.', [
  'added',
  'updated',
  'removed',
]);

const READY = 'READY comes first: what is committed from then on is told, so a list asked for after it misses nothing.';
const CHANGED = `CHANGED tells rows, ${MOST_IN_EVENT} at most; more follow in the next event.`;
const RESET = `RESET stands for more than ${MOST_TOLD.toLocaleString('en')} rows at once, such as an import’s: ask for the list anew.`;

/** A type whose rows have versions is one whose changes are kept and told. */
const isWatched = ({ listed, fields }: EntityReads): boolean => listed !== false && fields['version'] !== undefined;

function rowType(reads: EntityReads) {
  const row = entityRef(reads.type);
  return builder.objectRef<RowChange>(`${reads.type}Event`).implement({
    description: `What has become of one of the ${inWords(reads)} that are watched.`,
    fields: (t) => ({
      kind: t.field({
        type: enumRef(ROW_KIND),
        description:
          'ADDED: it matches now. UPDATED: it matched and does, and has changed itself. REMOVED: it is gone or matches no more.',
        resolve: ({ kind }) => kind,
      }),
      key: t.id({ description: fieldOf(reads, reads.key).description, resolve: ({ key }) => key }),
      node: t.field({
        type: row,
        nullable: true,
        description: 'The row as it is now; null when REMOVED.',
        resolve: ({ kind, key }, _given, context, info) =>
          kind === 'removed' ? null : loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF])),
      }),
      change: t.field({
        type: entityRef(changes.type),
        nullable: true,
        description:
          'The row’s own latest change: who, when, and by which import. An older one where another row’s change brought it in or out.',
        resolve: ({ key }, _given, context, info) =>
          latestChange(context, reads.table, key, askedColumns(changes, info, [ITSELF])),
      }),
    }),
  });
}

function eventType(reads: EntityReads) {
  const change = rowType(reads);
  return builder.objectRef<ListChanges>(`${reads.type}ListEvent`).implement({
    description: `What has happened to watched ${inWords(reads)}.`,
    fields: (t) => ({
      kind: t.field({
        type: enumRef(EVENT_KIND),
        description: [READY, CHANGED, RESET].join(' '),
        resolve: ({ kind }) => kind,
      }),
      count: t.exposeInt('count', { description: 'How many rows match, after the changes told so far.' }),
      changes: t.field({
        type: [change],
        description: 'The rows, by key; of READY and RESET none.',
        resolve: (event) => [...event.changes],
      }),
    }),
  });
}

// Read when the schema is built: every type is declared by then.
builder.subscriptionFields((t) =>
  Object.fromEntries(
    declaredEntities()
      .filter(isWatched)
      .map((reads) => [
        `${reads.plural}Changed`,
        t.field({
          type: eventType(reads),
          description: `The ${inWords(reads)} that match \`where\`, as they come, change and go, whoever changes them. ${READY} Such as \`subscription { ${reads.plural}Changed { kind changes { kind key node { id } } } }\`.`,
          args: {
            where: t.arg({
              type: filterInput(reads),
              description: 'What the rows must be like; rows that they are related to may decide it, too.',
            }),
          },
          needs: { role: 'viewer', scope: reads.scope },
          complexity: { field: 1, multiplier: MOST_IN_EVENT },
          subscribe: (_root, { where }, context) => {
            requireAsked(context, reads, where);
            return watchList(context, reads, where ?? undefined);
          },
          resolve: (event) => event,
        }),
      ]),
  ),
);
