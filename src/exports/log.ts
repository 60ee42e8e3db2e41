/** The log of exports: one line for each, whichever way it was asked for. */
import type pg from 'pg';
import type { CopySession } from '../database/copy-session.ts';
import { asDatabaseError, sqlState } from '../database/errors.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { type Actor, ownerOf } from '../kernel/actor.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { mayBePrivate } from './private-lists.ts';
import type { ExportRequest } from './request.ts';

export interface ExportLine {
  /** The file's name; its whole path where the command line writes it. */
  readonly path: string;
  readonly jobId?: string;
}

/** What an export came to. */
export interface ExportResult {
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  /** What holds the bytes, where a link leads to them. */
  readonly fileId?: string;
}

/** Begins a line, within a transaction. */
export async function beginLineSql(
  query: Query,
  actor: Actor,
  exportId: string,
  { source, format, where, orderBy, fields, first, options, read }: ExportRequest,
  { path, jobId }: ExportLine,
): Promise<void> {
  const request = {
    where: bothOf(where ?? undefined, read?.where),
    orderBy: read?.orderBy ?? orderBy,
    fields,
    first,
    options,
  };
  await query(
    'export begins',
    `INSERT INTO exports (export_id, source, format, request, path, job_id, actor, private_to)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[exportId, source, format, JSON.stringify(request), path, jobId ?? null, actor.label],
      mayBePrivate(source) ? ownerOf(actor) : null,
    ],
  );
}

/** As the rows were chosen: what a saved export says and what its address asks for hold together. */
const bothOf = (saved: unknown, asked: unknown): unknown =>
  saved === undefined || asked === undefined ? (saved ?? asked) : { and: [saved, asked] };

/** Ends a line as what came of it, within a transaction. */
export async function endLineSql(query: Query, exportId: string, result: ExportResult | AppError): Promise<void> {
  const set = 'status = $2, rows = $3, bytes = $4, file_hash = $5, file_id = $6, error = $7, finished_at = now()';
  await query('export ends', `UPDATE exports SET ${set} WHERE export_id = $1`, [exportId, ...endOf(result)]);
}

function endOf(result: ExportResult | AppError): unknown[] {
  if (!(result instanceof AppError)) {
    return ['completed', result.rows, result.bytes, result.hash, result.fileId ?? null, null];
  }
  const { code, message, hint = null } = result;
  const status = code === 'INTERRUPTED' ? 'cancelled' : 'failed';
  return [status, null, null, null, null, JSON.stringify({ code, message, hint })];
}

/**
 * Begins a line; returns its key. The snapshot's transaction holds a lock of that key, so that whoever can take it knows that
 * the process is gone.
 */
export async function beginLine(
  { database, actor }: Pick<GraphqlContext, 'database' | 'actor'>,
  { client }: Pick<CopySession, 'client'>,
  request: ExportRequest,
  line: Pick<ExportLine, 'path'>,
): Promise<string> {
  const exportId = uuidv7();
  // Before there is a line: nobody ever sees one without its lock.
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('export ' || $1, 0))", [exportId]);
  await writeSession(database.write, actor, ({ query }) => beginLineSql(query, actor, exportId, request, line));
  return exportId;
}

/** Ends a line as what came of it. */
export const endLine = (
  { database, actor }: Pick<GraphqlContext, 'database' | 'actor'>,
  exportId: string,
  result: ExportResult | AppError,
): Promise<void> => writeSession(database.write, actor, ({ query }) => endLineSql(query, exportId, result));

/** Ends a line whose export failed. What went wrong is thrown by its caller, so a log that cannot be told only warns. */
export async function endFailed(
  context: Pick<GraphqlContext, 'database' | 'actor' | 'log'>,
  exportId: string,
  error: AppError,
): Promise<void> {
  await endLine(context, exportId, error).catch((err: unknown) =>
    context.log.warn({ err, exportId }, 'the end of an export was not noted'),
  );
}

/**
 * Ends the lines of exports whose process was killed: their snapshots are gone. Those of jobs end with their jobs.
 * Returns how many there were.
 */
export async function sweepExports(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE exports
        SET status = 'failed', finished_at = now(),
            error = '{"code": "INTERRUPTED", "message": "The process that wrote this export ended", "hint": "Export it again."}'
      WHERE status = 'running' AND job_id IS NULL
        AND pg_try_advisory_xact_lock(hashtextextended('export ' || export_id::text, 0))`,
  );
  return rowCount ?? 0;
}

/** What broke by itself also ends whoever takes the rows: only what has no reason of its own was cancelled by them. */
export function exportFault(thrown: unknown, signal: AbortSignal): AppError {
  const state = sqlState(thrown);
  const hasReason = thrown instanceof AppError || (/^[0-9A-Z]{5}$/.test(state ?? '') && state !== CANCELLED);
  if (signal.aborted && !hasReason) return new AppError('INTERRUPTED', 'The export was stopped', { cause: thrown });
  return asAppError(asDatabaseError(thrown));
}

const CANCELLED = '57014';
