/** Reads of many resolvers as one statement: what is asked for in one turn is fetched together, once per snapshot. */
import DataLoader from 'dataloader';
import type { GraphqlContext, Reads } from './context.ts';
import { fieldOf, keyColumn } from './entities.ts';
import type { EntityReads, ListRelation, Row } from './entity.ts';
import { byKeySql, PARENT, type Statement } from './list-sql.ts';
import { keyOf, SQL_TYPE } from './values.ts';
import { requireVisible } from './visible.ts';

/**
 * Loaders of one kind of answer. `loader(context, question, batch)` gives the loader of that question on the current
 * snapshot; `batch` makes it when there is none and answers keys in their order.
 */
export function loaderFamily<Value>() {
  const bySnapshot = new WeakMap<object, Map<string, DataLoader<string, Value>>>();
  return (
    { reads }: Pick<GraphqlContext, 'reads'>,
    question: string,
    batch: () => (keys: readonly string[]) => Promise<readonly Value[]>,
  ): DataLoader<string, Value> => {
    const scope = reads.scope();
    const loaders = bySnapshot.get(scope) ?? new Map<string, DataLoader<string, Value>>();
    bySnapshot.set(scope, loaders);
    const known = loaders.get(question);
    if (known !== undefined) return known;
    const loader = new DataLoader(batch());
    loaders.set(question, loader);
    return loader;
  };
}

/** How the type's business key is written in SQL. */
export const keyType = (reads: EntityReads): string => SQL_TYPE[fieldOf(reads, reads.key).kind];

const rowsByKey = loaderFamily<Row | null>();

/**
 * The row with this business key, with at least the columns named; null when there is none that the actor may see.
 * @throws AppError FORBIDDEN when the actor may see no rows of the type
 */
export function loadByKey(
  context: GraphqlContext,
  reads: EntityReads,
  key: string,
  columns: readonly string[],
): Promise<Row | null> {
  const column = keyColumn(reads);
  const { text, values } = byKeySql(reads, columns, keyType(reads), requireVisible(context, reads));
  return rowsByKey(context, text, () => async (keys) => {
    const rows = await context.reads.query<Row>(`${reads.type} by key`, text, [keys, ...values]);
    const found = new Map(rows.map((row) => [keyOf(row, column), row]));
    return keys.map((each) => found.get(each) ?? null);
  }).load(key);
}

const listsByParent = loaderFamily<readonly Row[]>();
const countsByParent = loaderFamily<number>();

interface ChildQuestion {
  readonly relation: ListRelation;
  readonly parent: string;
  /** Tells this question from every other: the relation, its arguments and its columns. */
  readonly question: string;
  /** Made only for the first parent that asks. */
  readonly statement: () => Statement;
}

/** One parent's page of a list. */
export function loadChildren(context: GraphqlContext, asked: ChildQuestion): Promise<readonly Row[]> {
  const label = `${asked.relation.target} by parent`;
  return listsByParent(context, asked.question, () => async (keys) => {
    const lists = new Map<string | null, Row[]>(keys.map((key) => [key, []]));
    for (const row of await ask(context.reads, label, asked.statement(), keys))
      lists.get(keyOf(row, PARENT))?.push(row);
    return keys.map((key) => lists.get(key) ?? []);
  }).load(asked.parent);
}

/** How many rows one parent's list has. */
export function loadChildCount(context: GraphqlContext, asked: ChildQuestion): Promise<number> {
  const label = `${asked.relation.target} counted`;
  return countsByParent(context, asked.question, () => async (keys) => {
    const rows = await ask(context.reads, label, asked.statement(), keys);
    const totals = new Map(rows.map((row) => [keyOf(row, PARENT), Number(row['total'])]));
    return keys.map((key) => totals.get(key) ?? 0);
  }).load(asked.parent);
}

function ask(reads: Reads, label: string, { text, values }: Statement, keys: readonly string[]): Promise<Row[]> {
  return reads.query<Row>(label, text, [keys, ...values]);
}
