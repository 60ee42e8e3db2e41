/**
 * The imports' own lines. They are written by a connection beside the import's, so that progress is seen while the import
 * runs and a failed one is kept although its transaction is not.
 */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import { type AppError, asAppError } from '../kernel/errors.ts';
import type { Match } from './match.ts';
import type { Statement } from './target.ts';

export type ImportStatus = 'running' | 'imported' | 'unchanged' | 'failed' | 'undone';

export interface ImportCounts {
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly derived: number;
}

export const NO_COUNTS: ImportCounts = { read: 0, inserted: 0, updated: 0, unchanged: 0, rejected: 0, derived: 0 };

export interface NewImport {
  readonly importId: string;
  readonly path: string;
  readonly match: Match;
  readonly actor: Actor;
  readonly file: { readonly hash: string; readonly size: number; readonly facts: { readonly modifiedAt: Date } } | null;
}

/**
 * What a line that is there already is told by a new beginning of its import: an attempt of a job that was cut left it
 * behind, and the file may have changed since. What has come to its end stays.
 */
export const BEGUN_AGAIN = `
  ON CONFLICT (import_id) DO UPDATE
     SET file_hash = excluded.file_hash, file_size = excluded.file_size, file_modified_at = excluded.file_modified_at,
         rules_version = excluded.rules_version, authority = excluded.authority, status = excluded.status,
         bytes_total = excluded.bytes_total, bytes_read = 0, started_at = excluded.started_at,
         finished_at = excluded.finished_at, error = NULL
   WHERE imports.status IN ('running', 'failed')`;

/**
 * Writes the line of an import that starts (`running`), or of one that ends where it started (`unchanged`); once, however
 * often it is sent.
 */
export async function beginImport(
  pool: Pick<pg.ClientBase, 'query'>,
  { importId, path, match, actor, file }: NewImport,
  status: 'running' | 'unchanged',
): Promise<void> {
  const ended = status === 'unchanged' ? 'now()' : 'NULL';
  await pool.query(
    `INSERT INTO imports (import_id, dataset, path, file_hash, file_size, file_modified_at, rules_version, authority,
                          status, actor, bytes_total, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $5, ${ended})
     ${BEGUN_AGAIN}`,
    [
      importId,
      match.dataset.name,
      path,
      file?.hash ?? null,
      file?.size ?? null,
      file?.facts.modifiedAt ?? null,
      match.dataset.rulesVersion,
      match.authority,
      status,
      actor.label,
    ],
  );
}

/** Ends the import's line inside its own transaction: rows, changes, rejects and this line commit together. */
export async function completeImport(
  client: pg.ClientBase,
  importId: string,
  counts: ImportCounts,
  notes: Readonly<Record<string, unknown>>,
): Promise<void> {
  await client.query({
    name: 'complete import',
    text: `UPDATE imports
        SET status = 'imported', finished_at = clock_timestamp(), bytes_read = coalesce(bytes_total, 0),
            read = $2, inserted = $3, updated = $4, unchanged = $5, rejected = $6, derived = $7, notes = $8, error = NULL
      WHERE import_id = $1`,
    values: [
      importId,
      counts.read,
      counts.inserted,
      counts.updated,
      counts.unchanged,
      counts.rejected,
      counts.derived,
      JSON.stringify(notes),
    ],
  });
}

/** Tells whoever watches that these imports came further; heard at commit. */
export async function tellProgress(client: pg.ClientBase, importIds: readonly string[]): Promise<void> {
  await client.query("SELECT pg_notify('import_progress', i.id) FROM unnest($1::text[]) i(id)", [importIds]);
}

/** The counts of an import whose transaction is known to have committed, or undefined. */
export async function committedCounts(
  pool: Pick<pg.ClientBase, 'query'>,
  importId: string,
): Promise<ImportCounts | undefined> {
  const { rows } = await pool.query<ImportCounts>(
    `SELECT read, inserted, updated, unchanged, rejected, derived
       FROM imports
      WHERE import_id = $1 AND status = 'imported'`,
    [importId],
  );
  return rows[0];
}

export interface ImportFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What an import's line says of a failure: the words for people where they are theirs to read. */
export function faultOf(thrown: unknown): ImportFault {
  const error: AppError = asAppError(thrown);
  if (error.kind === 'bug')
    return {
      code: error.code,
      message: 'The import failed for a reason that is ours',
      hint: 'The log says which: search it for the import.',
    };
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}

/** Marks the import failed; nothing of it was kept. */
export async function failImport(pool: pg.Pool, importId: string, fault: ImportFault): Promise<void> {
  await pool.query(
    `UPDATE imports
        SET status = 'failed', finished_at = now(), error = $2,
            read = 0, inserted = 0, updated = 0, unchanged = 0, rejected = 0, derived = 0
      WHERE import_id = $1 AND status = 'running'`,
    [importId, JSON.stringify(fault)],
  );
  await pool.query("SELECT pg_notify('import_progress', $1)", [importId]);
}

/**
 * Whether this path's latest import that was not undone took in these very bytes by these rules: then nothing is read.
 * Imports that were skipped took nothing in: when the one that they equalled is undone, they prove nothing.
 */
export async function isUnchanged(pool: pg.Pool, path: string, match: Match, hash: string): Promise<boolean> {
  const { rows } = await pool.query<{ same: boolean }>(
    `SELECT status = 'imported' AND file_hash = $3 AND rules_version = $4 AS same
       FROM imports
      WHERE dataset = $1 AND path = $2 AND status IN ('imported', 'failed')
      ORDER BY started_at DESC, id DESC
      LIMIT 1`,
    [match.dataset.name, path, hash, match.dataset.rulesVersion],
  );
  return rows[0]?.same === true;
}

/**
 * Locks held by an import's transaction: its own, so that whoever can take it knows that its process is gone; and its
 * path's, so that of two versions of one file the one that was read first is also merged first.
 */
export async function lockImport(
  client: pg.ClientBase,
  { importId, dataset, path }: Pick<Statement, 'importId' | 'dataset' | 'path'>,
): Promise<void> {
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('import ' || $1, 0)),
            pg_advisory_xact_lock(hashtextextended('file ' || $2, 0))`,
    [importId, `${dataset} ${path}`],
  );
}

/**
 * Ends the lines of imports whose process was killed: their transactions are gone, and nothing of them was kept. One whose line
 * is younger than `patience` seconds may not hold its lock yet; where nobody imports, 0 will do.
 */
export async function sweepImports(pool: pg.Pool, patience = 5): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE imports
        SET status = 'failed', finished_at = now(), read = 0, rejected = 0,
            error = '{"code": "INTERRUPTED", "message": "The process that ran this import ended", "hint": "Nothing of it was kept. Import the file again."}'
      WHERE status = 'running'
        AND started_at <= now() - make_interval(secs => $1)
        AND pg_try_advisory_xact_lock(hashtextextended('import ' || import_id::text, 0))`,
    [patience],
  );
  return rowCount ?? 0;
}
