/** The mutations that relate two rows, and undo that. */
import { loadByKey } from '../../graphql/batches.ts';
import { builder } from '../../graphql/builder.ts';
import { entityRef } from '../../graphql/entities.ts';
import type { EntityReads } from '../../graphql/entity.ts';
import { askedColumns, ITSELF } from '../../graphql/selection.ts';
import type { Dataset } from '../dataset.ts';
import { byHand, handWrite } from './hand-write.ts';
import { SCALAR_OF } from './inputs.ts';
import { linkOf, relate, unrelate } from './link.ts';

interface Related {
  readonly keys: readonly [string, string];
  readonly changed: boolean;
}

/** Arguments as GraphQL writes them, for the descriptions. */
export interface LinkExample {
  readonly keys: string;
  /** What the link itself says. */
  readonly values?: string;
}

/**
 * Adds `relateXY` and `unrelateXY` for the links that the dataset holds.
 * @throws AppError DECLARATION_INVALID
 */
export function defineLinks(owner: EntityReads, target: EntityReads, dataset: Dataset, example: LinkExample): void {
  const link = linkOf(owner, target, dataset);
  const name = `${owner.type}${target.type}`;
  const hand = byHand(owner.scope);
  const end = (reads: EntityReads, place: 0 | 1) => ({
    type: entityRef(reads.type),
    nullable: true as const,
    description: 'Null when it is gone.',
    resolve: (
      { keys }: Related,
      _given: object,
      context: Parameters<typeof loadByKey>[0],
      info: Parameters<typeof askedColumns>[1],
    ) => loadByKey(context, reads, keys[place], askedColumns(reads, info, [ITSELF])),
  });
  const Payload = builder.objectRef<Related>(`${name}Payload`).implement({
    description: 'Two rows as a mutation left them.',
    fields: (t) => ({
      changed: t.exposeBoolean('changed', {
        description: 'Whether anything was written: false where all was so already.',
      }),
      [lower(owner.type)]: t.field(end(owner, 0)),
      [lower(target.type)]: t.field(end(target, 1)),
    }),
  });
  const keys = builder.args((t) => ({
    [owner.key]: t.id({ required: true, description: 'The key of the one.' }),
    [target.key]: t.id({ required: true, description: 'The key of the other.' }),
  }));
  const edge = builder.args((t) =>
    Object.fromEntries(
      Object.entries(link.edge).map(([field, { kind, description }]) => [
        field,
        t.field({ type: SCALAR_OF[kind], description: `${description} Kept if absent; null clears it.` }),
      ]),
    ),
  );
  builder.mutationFields((t) => ({
    [`relate${name}`]: t.field({
      ...hand,
      type: Payload,
      description: `Relates two rows; related already, only what is given of the link changes. Example: \`relate${name}(${[example.keys, example.values].filter(Boolean).join(', ')}) { changed }\`.`,
      args: { ...keys, ...edge },
      resolve: (_root, given, context, info) => handWrite(context, info, (write) => relate(write, link, given)),
    }),
    [`unrelate${name}`]: t.field({
      ...hand,
      type: Payload,
      description: `Undoes what relates two rows; no file relates them again. Example: \`unrelate${name}(${example.keys}) { changed }\`.`,
      args: keys,
      resolve: (_root, given, context, info) =>
        handWrite(context, info, (write) => unrelate(write, link, given, context.actor.label)),
    }),
  }));
}

const lower = (type: string): string => type.charAt(0).toLowerCase() + type.slice(1);
