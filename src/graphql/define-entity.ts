/** A declaration made into GraphQL: the type, its lists with filters and orders, its look-up by key and its relations. */
import { aggregateField, defineAggregate } from './aggregates/define-aggregates.ts';
import { loadByKey } from './batches.ts';
import { builder } from './builder.ts';
import { connectionOf, connectionTypes, pageArguments } from './connections.ts';
import { entityReads, entityRef, fieldOf, inWords, type RowRef, registerEntity } from './entities.ts';
import type { EntityReads, ListRelation, OneRelation, Row } from './entity.ts';
import { filterInput } from './filter-inputs.ts';
import { edgeColumn } from './list-sql.ts';
import { childList, rootList } from './lists.ts';
import { Node, ownKey } from './node.ts';
import { columnField, type RowFields } from './object-fields.ts';
import { orderInput } from './order-inputs.ts';
import { pageSize } from './page.ts';
import { askedColumns, ITSELF } from './selection.ts';
import { textOf } from './values.ts';
import { seeing } from './visible.ts';

/**
 * Adds a declared type to the schema. Fields beyond its columns and relations are added to the reference that this
 * returns; `needs` of the declaration says which columns they read.
 * @throws AppError DECLARATION_INVALID
 */
export function defineEntity(reads: EntityReads): RowRef {
  const ref = builder.objectRef<Row>(reads.type);
  registerEntity(reads, ref);
  ref.implement({
    description: reads.description,
    interfaces: [Node],
    fields: (t) => ({
      ...Object.fromEntries(
        Object.entries(reads.fields).map(([name, field]) => [name, columnField(t, field, field.column, (row) => row)]),
      ),
      ...Object.fromEntries(
        Object.entries(reads.relations).map(([name, relation]) => [
          name,
          relation.kind === 'one' ? oneField(t, relation) : listField(t, reads, name, relation),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(reads.relations).flatMap(([name, relation]) =>
          relation.kind === 'one' || entityReads(relation.target).aggregated === false
            ? []
            : [[`${name}Aggregate`, aggregateField(t, reads, relation)]],
        ),
      ),
    }),
  });
  if (reads.single !== undefined) defineSingle(reads, reads.single, ref);
  if (reads.listed === false) return ref;
  defineList(reads, ref);
  if (reads.aggregated !== false) defineAggregate(reads);
  return ref;
}

function defineSingle(reads: EntityReads, name: string, ref: RowRef): void {
  builder.queryField(name, (t) =>
    t.field({
      type: ref,
      nullable: true,
      ...seeing(reads),
      description: `One of the ${inWords(reads)} by its key; null when there is none. Such as \`query ($key: String!) { ${name}(${reads.key}: $key) { id } }\`.`,
      args: { [reads.key]: t.arg.string({ required: true, description: fieldOf(reads, reads.key).description }) },
      resolve: (_root, given, context, info) =>
        loadByKey(context, reads, String(given[reads.key]).normalize('NFC'), askedColumns(reads, info, [ITSELF])),
    }),
  );
}

function defineList(reads: EntityReads, ref: RowRef): void {
  builder.queryField(reads.plural, (t) =>
    t.field({
      type: connectionOf(reads.type, ref).connection,
      ...seeing(reads),
      description: `All ${inWords(reads)}, the newest first unless ordered otherwise. Such as \`{ ${reads.plural}(first: 10) { totalCount nodes { id ${reads.key} } pageInfo { endCursor } } }\`.`,
      args: listArguments(reads),
      complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
      resolve: (_root, given, context, info) => rootList(context, reads, given, info),
    }),
  );
}

/** What every list of a type takes. */
export const listArguments = (reads: EntityReads) => ({
  ...pageArguments(),
  ...builder.args((t) => ({
    where: t.field({
      type: filterInput(reads),
      description: 'What the rows must be like; the count is of these rows, too.',
    }),
    orderBy: t.field({ type: [orderInput(reads)], description: 'The order, most important field first.' }),
  })),
});

/** The one row of another type whose key stands in a column of this row. */
function oneField(t: RowFields<Row>, relation: OneRelation) {
  const target = entityReads(relation.target);
  return t.field({
    type: entityRef(relation.target),
    nullable: true,
    description: relation.description,
    resolve: (row, _given, context, info) => {
      const key = textOf(row, relation.column);
      return key === null ? null : loadByKey(context, target, key, askedColumns(target, info, [ITSELF]));
    },
  });
}

/** Rows of another type that belong to this row. */
function listField(t: RowFields<Row>, owner: EntityReads, name: string, relation: ListRelation) {
  const target = entityReads(relation.target);
  const place = { owner, target, name, relation };
  return t.field({
    type: listType(owner, name, relation),
    description: relation.description,
    args: listArguments(target),
    complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
    resolve: (row, given, context, info) => childList(context, place, ownKey(owner, row), given, info),
  });
}

/** A list whose links say something of their own has edges of its own. */
function listType(owner: EntityReads, name: string, relation: ListRelation) {
  const node = entityRef(relation.target);
  if (relation.kind === 'many' || Object.keys(relation.edge).length === 0) {
    return connectionOf(relation.target, node).connection;
  }
  const types = connectionTypes(`${owner.type}${name.charAt(0).toUpperCase()}${name.slice(1)}`, node);
  builder.objectFields(types.edge, (t) =>
    Object.fromEntries(
      Object.entries(relation.edge).map(([edgeName, field]) => [
        edgeName,
        columnField(t, field, edgeColumn(field.column), ({ row }) => row),
      ]),
    ),
  );
  return types.connection;
}
