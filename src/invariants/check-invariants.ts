/** Looks at every invariant of a database, one after the other, over one snapshot, and writes nothing. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Registry } from '../ingest/registry.ts';
import { HOUSEKEEPER, ownerOf } from '../kernel/actor.ts';
import { changeLog } from './change-log.ts';
import { files } from './files.ts';
import { imports } from './imports.ts';
import type { Invariant, Looked } from './invariant.ts';
import { jobs } from './jobs.ts';
import { keys } from './keys.ts';
import { leftovers } from './leftovers.ts';
import { partitions } from './partitions.ts';
import { references } from './references.ts';
import { search } from './search.ts';
import { sources } from './sources.ts';
import { unseenKeys } from './unseen-keys.ts';

/** In the order in which they are told: what is cheap comes first. */
export const INVARIANTS: readonly Invariant[] = [
  leftovers,
  partitions,
  jobs,
  sources,
  imports,
  references,
  keys,
  unseenKeys,
  changeLog,
  search,
  files,
];

export interface InvariantCheck {
  readonly registry: Registry;
  /** Folders in which the files of imports are looked for. Without any, rows are not compared with files. */
  readonly roots?: readonly string[];
  /** Whether nobody else uses the database: then nothing may be under way at all. */
  readonly isAlone?: boolean;
  /** All of them unless given. */
  readonly only?: readonly Invariant[];
}

export interface Checked extends Looked {
  readonly invariant: Invariant;
}

/**
 * Yields what each invariant found. `pool` need not be the owner's: the application's role sees all that is looked at.
 * @throws AppError DATABASE_UNREACHABLE
 */
export async function* checkInvariants(
  pool: pg.Pool,
  { registry, roots = [], isAlone = false, only = INVARIANTS }: InvariantCheck,
): AsyncGenerator<Checked> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    // Everybody's rows are looked at.
    await client.query("SELECT set_config('cairn.owner', $1, true)", [ownerOf(HOUSEKEEPER)]);
    const audited = await auditedTables(client);
    const tables = new Map(audited.map(({ name, keys }) => [name, keys]));
    const untold = new Map(audited.map((table) => [table.name, table.untold]));
    const filled = new Set(audited.filter((table) => table.filled).map(({ name }) => name));
    for (const invariant of only)
      yield { invariant, ...(await invariant.look({ client, registry, roots, isAlone, tables, filled, untold })) };
  } catch (thrown) {
    throw asDatabaseError(thrown);
  } finally {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    client.release(broken);
  }
}

interface AuditedTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly untold: readonly string[];
  readonly filled: boolean;
}

/** The audited tables, from the triggers themselves. */
async function auditedTables(client: pg.ClientBase): Promise<AuditedTable[]> {
  const { rows } = await client.query<AuditedTable>(
    `SELECT c.relname AS name,
            string_to_array(split_part(encode(t.tgargs, 'escape'), '\\000', 1), ',') AS keys,
            string_to_array(split_part(encode(t.tgargs, 'escape'), '\\000', 2), ',') AS untold,
            pg_relation_size(c.oid) > 0 AS filled
       FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid
      WHERE t.tgname = 'log_insert' AND t.tgfoid = 'log_changes'::regproc
      ORDER BY 1`,
  );
  return rows;
}
