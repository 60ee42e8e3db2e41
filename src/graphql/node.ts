/** Relay's `node(id)`: any row by an id that is the same wherever the row is shown. */
import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { AppError } from '../kernel/errors.ts';
import { loadByKey } from './batches.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { isText } from './cursor.ts';
import { entityReads, entityRef, fieldOf, isEntity, keyColumn } from './entities.ts';
import type { EntityReads, Row } from './entity.ts';
import { askedColumns, ITSELF } from './selection.ts';
import { keyOf } from './values.ts';

export const Node = builder.interfaceRef<Row>('Node');
Node.implement({
  description: 'Anything that has an id.',
  fields: (t) => ({
    id: t.id({
      description: 'The same wherever the row is shown, for `node`.',
      resolve: (row, _given, _context, info) => {
        const reads = entityReads(info.parentType.name);
        return nodeId(reads.type, ownKey(reads, row));
      },
    }),
  }),
});

/** The business key of a row. @throws AppError INTERNAL when the row has none */
export function ownKey(reads: EntityReads, row: Row): string {
  const key = keyOf(row, keyColumn(reads));
  if (key !== null) return key;
  throw new AppError('INTERNAL', `A row of ${reads.table} has no key`);
}

/** The id of a row: the type and the business key, opaque to clients. */
export const nodeId = (type: string, key: string): string => Buffer.from(`${type}:${key}`).toString('base64url');

/**
 * What an id names.
 * @throws AppError BAD_USER_INPUT for what is no id of a known type
 */
export function readNodeId(id: string): { readonly reads: EntityReads; readonly key: string } {
  const text = Buffer.from(id, 'base64url').toString();
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(colon, 0));
  const key = text.slice(colon + 1);
  // Decoding forgives much; an id is only what encoding gives.
  if (isEntity(type) && nodeId(type, key) === id && isText(key)) {
    const reads = entityReads(type);
    if (isKey(reads, key)) return { reads, key };
  }
  throw new AppError('BAD_USER_INPUT', 'This is no id of a row', { path: 'id', hint: 'Take it from the field `id`.' });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const WHOLE = /^\d{1,18}$/;

/** What the database would refuse as a key of this kind is no key. */
function isKey(reads: EntityReads, key: string): boolean {
  const { kind } = fieldOf(reads, reads.key);
  if (kind === 'uuid') return UUID.test(key);
  return kind === 'bigint' ? WHOLE.test(key) : true;
}

/** The row that an id names, marked with its type, or null when there is none. @throws AppError BAD_USER_INPUT */
export async function loadNode(context: GraphqlContext, id: string, info: GraphQLResolveInfo): Promise<Row | null> {
  const { reads, key } = readNodeId(id);
  const row = await loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
  return row === null ? null : asType(row, reads.type);
}

/** A copy of the row that says of which type it is, where a field may give several. */
export function asType(row: Row, type: string): Row {
  const marked = { ...row };
  brandWithType(marked, entityRef(type));
  return marked;
}

/** As many ids in one request as a page has rows. */
const MOST_IDS = 100;

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description:
      'The row that an id names; null when it is gone. Such as `query ($id: ID!) { node(id: $id) { __typename id } }`.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of any row.' }) },
    resolve: (_root, { id }, context, info) => loadNode(context, id, info),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'The rows that ids name, in their order; null where one is gone. Such as `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`.',
    args: { ids: t.arg.idList({ required: true, description: `Ids of any rows, ${MOST_IDS} at most.` }) },
    complexity: ({ ids }) => ({ field: 1, multiplier: Math.max(ids.length, 1) }),
    resolve: (_root, { ids }, context, info) => {
      if (ids.length <= MOST_IDS) return Promise.all(ids.map((id) => loadNode(context, id, info)));
      throw new AppError('LIMIT_EXCEEDED', `\`ids\` takes ${MOST_IDS} ids at most`, { path: 'ids' });
    },
  }),
}));
