/** Figures over rows as JSON: as a whole, and in groups. */

import { groupCountSql, groupsSql, type Source, totalsSql } from '../aggregates/aggregate-sql.ts';
import { askedMeasures, GROUPS } from '../aggregates/aggregates.ts';
import { type GroupKey, groupKeysOf } from '../aggregates/group-keys.ts';
import { type GroupArguments, readGroups } from '../aggregates/group-request.ts';
import { COUNT, FUNCTIONS, measuresOf } from '../aggregates/measures.ts';
import { entityReads } from '../entities.ts';
import type { EntityReads, ListRelation } from '../entity.ts';
import { childrenFrom } from '../list-sql.ts';
import { readPage } from '../page.ts';
import { argumentsOf, type Compiling, objectOf, type Selected, typeOf, Uncompiled } from './compiling.ts';
import { connectionOf } from './connection-sql.ts';
import { concatSql, type Piece, valueSql } from './json-sql.ts';

/** SQL of the row that has a key, as an object or null. */
type Referred = (compiling: Compiling, target: string, key: string, selected: Selected) => string;

/** The field that gives figures of a table, or of the rows that belong to one parent. */
export function aggregateOf(
  compiling: Compiling,
  reads: EntityReads,
  of: { readonly relation: ListRelation; readonly parent: string } | undefined,
  selected: Selected,
  referred: Referred,
): Piece[] {
  const { where } = argumentsOf(compiling, selected);
  compiling.note(reads, where);
  const { from, own } =
    of === undefined ? { from: `${reads.table} t`, own: undefined } : childrenFrom(reads, of.relation);
  const part = of !== undefined && own !== undefined ? { own: `${own} = ${of.parent}` } : {};
  const source: Source = { reads, from, ...part, limit: undefined, where: where ?? undefined };
  const alias = compiling.alias();
  const pieces = objectOf(compiling, typeOf(selected), selected.nodes, (inner) =>
    inner.name === 'groups' ? groupsOf(compiling, source, inner, referred) : figuresOf(compiling, reads, alias, inner),
  );
  const measures = askedMeasures(reads, askedOf(compiling, selected), [[]]);
  if (measures.length === 0) return pieces;
  return [{ sql: `(SELECT ${concatSql(pieces)} FROM (${totalsSql(source, measures, compiling.params)}) ${alias})` }];
}

const askedOf = ({ fragments }: Compiling, { nodes }: Selected) => ({ fieldNodes: nodes, fragments });

/** `count`, or what one function gives, by field. */
function figuresOf(compiling: Compiling, reads: EntityReads, alias: string, selected: Selected): Piece[] {
  const measure = (name: string): Piece[] => {
    const found = measuresOf(reads).get(name);
    if (found === undefined) throw new Uncompiled(`${reads.type} has no figure ${name}`);
    return [{ sql: valueSql(found.field, `${alias}.${found.field.column}`) }];
  };
  if (selected.name === COUNT.name) return measure(COUNT.name);
  const each = FUNCTIONS.find(({ name }) => name === selected.name);
  if (each === undefined) throw new Uncompiled(`There is no function ${selected.name}`);
  return objectOf(compiling, typeOf(selected), selected.nodes, ({ name }) => measure(`${each.name}.${name}`));
}

function groupsOf(compiling: Compiling, source: Source, selected: Selected, referred: Referred): Piece[] {
  const { reads } = source;
  const { params } = compiling;
  const given = readArguments(argumentsOf(compiling, selected));
  const { request, order } = readGroups(reads, given, askedMeasures(reads, askedOf(compiling, selected), GROUPS));
  const keys = new Map(groupKeysOf(reads).map((key) => [key.name, key]));
  // By column: a row that is referred to and the field that names it are one key.
  const grouped = new Map(request.groupings.map((grouping) => [grouping.key.field.column, grouping]));
  for (const { key } of request.groupings) if (key.target !== undefined) compiling.note(entityReads(key.target));
  const page = readPage(given, order);
  const keyOf = (alias: string, inner: Selected): Piece[] => {
    const key = keys.get(inner.name);
    if (key === undefined) throw new Uncompiled(`${reads.type} has no key ${inner.name}`);
    const grouping = grouped.get(key.field.column);
    if (grouping === undefined) return ['null'];
    if (grouping.bucket !== undefined) throw new Uncompiled('Stretches of local time are told by the calendar');
    return keyPieces(compiling, key, alias, inner, referred);
  };
  return connectionOf(
    compiling,
    {
      order,
      page,
      rows: (limit) => groupsSql(source, request, order, { ...page, limit: limit - 1 }, params),
      count: () => groupCountSql(source, request, params),
      row: (alias, type, nodes) =>
        objectOf(compiling, type, nodes, (inner) =>
          inner.name === 'key'
            ? objectOf(compiling, typeOf(inner), inner.nodes, (field) => keyOf(alias, field))
            : figuresOf(compiling, reads, alias, inner),
        ),
    },
    selected,
  );
}

function keyPieces(
  compiling: Compiling,
  { field, target }: GroupKey,
  alias: string,
  selected: Selected,
  referred: Referred,
): Piece[] {
  const column = `${alias}.${field.column}`;
  return [{ sql: target === undefined ? valueSql(field, column) : referred(compiling, target, column, selected) }];
}

/** The schema has seen to it that `by` is a list of groupings. */
function readArguments(given: Record<string, unknown>): GroupArguments {
  const { by, ...rest } = given;
  return { ...rest, by: Array.isArray(by) ? by.map(String) : [] };
}
