/**
 * An invariant: something that holds on every Cairn database at every moment, whatever was killed before. Each is checked
 * by looking at the database alone, never by asking the code that wrote it.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Registry } from '../ingest/registry.ts';

export interface Looking {
  /** In a REPEATABLE READ transaction that will be rolled back: temporary tables may be made. */
  readonly client: pg.ClientBase;
  readonly registry: Registry;
  /** Folders in which the files of imports are looked for, by the path that the import kept. */
  readonly roots: readonly string[];
  /** Whether nobody else uses the database: then nothing may be under way at all. */
  readonly isAlone: boolean;
  /** The audited tables, by name, with their key columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** Those of them whose file has a block: the others, most of a house's, have no row, and no statement is spent on them. */
  readonly filled: ReadonlySet<string>;
  /** Columns that the change log is not told, by table. */
  readonly untold: ReadonlyMap<string, readonly string[]>;
}

export interface Looked {
  /** What was looked at, for people: `12,345 changes of 11 tables`. */
  readonly at: string;
  /** The first faults, for people. */
  readonly faults: readonly string[];
  /** How many there are. */
  readonly total: number;
}

export interface Invariant {
  readonly name: string;
  /** What holds, as a sentence. */
  readonly holds: string;
  /** What to do where it does not. */
  readonly advice: string;
  /** What is found may be of an earlier release, and no fault of this one: it is told as a warning. */
  readonly isOfEarlierReleases?: true;
  readonly look: (looking: Looking) => Promise<Looked>;
}

/** How many faults of one invariant are told. */
export const TOLD = 20;

/** The faults that a SELECT with one text column `fault` finds. */
export async function faultsOf(
  client: pg.ClientBase,
  sql: string,
  params: readonly unknown[] = [],
): Promise<Omit<Looked, 'at'>> {
  const { rows } = await client.query<{ fault: string; total: number }>(
    `SELECT fault, (count(*) OVER ())::float8 AS total FROM (${sql}) found ORDER BY fault LIMIT ${TOLD}`,
    [...params],
  );
  return { faults: rows.map(({ fault }) => fault), total: rows[0]?.total ?? 0 };
}

/** Several looks as one. */
export function together(at: string, looks: readonly Omit<Looked, 'at'>[]): Looked {
  return {
    at,
    faults: looks.flatMap(({ faults }) => faults).slice(0, TOLD),
    total: looks.reduce((sum, { total }) => sum + total, 0),
  };
}

/** One number. */
export async function countOf(client: pg.ClientBase, sql: string, params: readonly unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`SELECT (${sql})::float8 AS count`, [...params]);
  return rows[0]?.count ?? 0;
}

/** `1 change`, `2 changes`; figures with commas. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

export async function hasColumn(client: pg.ClientBase, table: string, column: string): Promise<boolean> {
  const sql =
    'SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped';
  return (await countOf(client, sql, [`public.${identifier(table)}`, column])) > 0;
}
