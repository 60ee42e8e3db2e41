/** What the imports of one transaction share, so that small files do not each pay for it. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { readTable, type Table } from './table.ts';

export interface Shared {
  /** By name: the statements that made the staging tables. */
  readonly made: Map<string, string>;
  readonly tables: Map<string, Table>;
  /** Whether this is one of several imports, whose locks are all held. */
  readonly several: boolean;
}

export function openShared(several = false): Shared {
  return { made: new Map(), tables: new Map(), several };
}

/** The table's shape: asked for once per transaction, in which it cannot change. */
export async function shapeOf(
  client: Pick<pg.ClientBase, 'query'>,
  name: string,
  { tables }: Pick<Shared, 'tables'>,
): Promise<Table> {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = await readTable(client, name);
  tables.set(name, table);
  return table;
}

/** SQL that leaves nothing of the import before: what was staged, and what only some imports make. */
export function cleared({ made }: Shared, others: readonly string[]): string {
  const emptied = [...made.keys()].map((name) => `DELETE FROM ${identifier(name)};`);
  return `${emptied.join(' ')} DROP TABLE IF EXISTS ${others.join(', ')};`;
}
