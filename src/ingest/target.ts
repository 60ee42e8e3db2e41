/** The table that a staging table is merged into, and the pieces of SQL that every step over the two shares. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Columns } from './table.ts';

export interface MergeTarget {
  readonly client: pg.ClientBase;
  /** The staging table. */
  readonly stage: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Columns that the records give, keys included. */
  readonly columns: readonly string[];
  readonly types: Columns;
  /** JSON column whose entries are kept one by one. */
  readonly rest: string | undefined;
}

/** What a file says, and how much its word counts. */
export interface Statement {
  readonly importId: string;
  readonly dataset: string;
  readonly path: string;
  readonly authority: number;
  readonly modifiedAt: Date;
}

/** `t.research_id = s.research_id AND …` */
export function sameKey(key: readonly string[], left: string, right: string): string {
  return key.map((column) => `${left}.${identifier(column)} = ${right}.${identifier(column)}`).join(' AND ');
}

/** The business key as the change log writes it: the column's text, or a JSON object where it is composite. */
export function recordId(key: readonly string[], alias: string): string {
  const [only] = key;
  if (key.length === 1 && only !== undefined) return `${alias}.${identifier(only)}::text`;
  const pairs = key.map((column) => `'${column}', ${alias}.${identifier(column)}`);
  return `json_build_object(${pairs.join(', ')})::text`;
}
