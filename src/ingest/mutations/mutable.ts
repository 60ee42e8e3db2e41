/** A type that can be changed by hand: its declarations, compiled once. */
import type { Query } from '../../database/session.ts';
import { inWords } from '../../graphql/entities.ts';
import type { EntityReads } from '../../graphql/entity.ts';
import type { EditedTable } from '../../history/edit.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Dataset } from '../dataset.ts';
import { type Check, compileCheck } from './check.ts';
import { type Writable, writableOf } from './writable.ts';

/** How a row gets a key that nobody gave it. */
export interface KeyRule {
  /** For the description of the key. */
  readonly description: string;
  /** The key for a record's values, by column; null where they give none. Runs in the transaction that inserts. */
  readonly make: (query: Query, values: JsonObject) => Promise<string | null>;
}

/** What descriptions show, as GraphQL writes it. */
export interface MutationExample {
  readonly key: string;
  /** A small new row. */
  readonly input: string;
  readonly patch: string;
  /** A record with its key. */
  readonly record: string;
  readonly where: string;
}

export interface MutationOptions {
  /** The name of many in names of mutations, such as `SearchQueueItems`; the list's own unless given. */
  readonly plural?: string;
  readonly keyRule?: KeyRule;
  readonly example: MutationExample;
}

export interface Mutable extends Writable, EditedTable, MutationOptions {
  readonly plural: string;
  readonly check: Check;
  /** Whether mentions in files may use the rows' names. */
  readonly named: boolean;
  /** What people call one of them. */
  readonly words: string;
}

/** @throws AppError DECLARATION_INVALID */
export function mutableOf(reads: EntityReads, dataset: Dataset, options: MutationOptions): Mutable {
  const writable = writableOf(reads, dataset);
  const { plural } = reads;
  return {
    ...writable,
    plural: plural.charAt(0).toUpperCase() + plural.slice(1),
    ...options,
    table: reads.table,
    keyColumn: writable.key.column,
    check: compileCheck(writable),
    named: dataset.fields['name'] !== undefined,
    words: inWords(reads),
  };
}
