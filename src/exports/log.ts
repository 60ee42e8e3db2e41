/** The log of exports: one line for each, whichever way it was asked for. */
import { asDatabaseError, sqlState } from '../database/errors.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { ExportRequest } from './request.ts';

export interface ExportLine {
  /** The file's name; its whole path where the command line writes it. */
  readonly path: string;
  readonly jobId?: string;
  /** Once it is aborted, what fails without a reason of its own was cancelled. */
  readonly signal?: AbortSignal;
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
  const request = { where: where ?? read?.where, orderBy: orderBy ?? read?.orderBy, fields, first, options };
  await query(
    'export begins',
    `INSERT INTO exports (export_id, source, format, request, path, job_id, actor)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [exportId, source, format, JSON.stringify(request), path, jobId ?? null, actor.label],
  );
}

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
 * Runs an export with its line in the log.
 * @throws AppError whatever `work` throws, once the line says so
 */
export async function logged(
  context: GraphqlContext,
  request: ExportRequest,
  line: ExportLine,
  work: (exportId: string) => Promise<ExportResult>,
): Promise<ExportResult & { readonly exportId: string }> {
  const { database, actor } = context;
  const exportId = uuidv7();
  const note = (result: ExportResult | AppError) =>
    writeSession(database.write, actor, ({ query }) => endLineSql(query, exportId, result));
  await writeSession(database.write, actor, ({ query }) => beginLineSql(query, actor, exportId, request, line));
  try {
    const result = await work(exportId);
    await note(result);
    return { ...result, exportId };
  } catch (thrown) {
    const error = faultOf(thrown, line.signal);
    // What went wrong is thrown whether or not the log can be told.
    await note(error).catch((err: unknown) =>
      context.log.warn({ err, exportId }, 'the end of an export was not noted'),
    );
    throw error;
  }
}

/** What broke by itself also ends whoever takes the rows: only what has no reason of its own was cancelled by them. */
function faultOf(thrown: unknown, signal: AbortSignal | undefined): AppError {
  const state = sqlState(thrown);
  const hasReason = thrown instanceof AppError || (/^[0-9A-Z]{5}$/.test(state ?? '') && state !== CANCELLED);
  if (signal?.aborted && !hasReason) return new AppError('INTERRUPTED', 'The export was stopped', { cause: thrown });
  return asAppError(asDatabaseError(thrown));
}

const CANCELLED = '57014';
