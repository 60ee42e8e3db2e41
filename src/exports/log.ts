/** The log of exports: one line for each, whichever way it was asked for. */
import { writeSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { AppError, asAppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
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

/** Begins a line and returns its key. @throws AppError DATABASE_UNREACHABLE, DATABASE_BUSY */
export async function beginLine(
  { database, actor }: Pick<GraphqlContext, 'database' | 'actor'>,
  { source, format, where, orderBy, fields, first, options }: ExportRequest,
  { path, jobId }: ExportLine,
): Promise<string> {
  const exportId = uuidv7();
  await writeSession(database.write, actor, ({ query }) =>
    query(
      'export begins',
      `INSERT INTO exports (export_id, source, format, request, path, job_id, actor)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        exportId,
        source,
        format,
        JSON.stringify({ where, orderBy, fields, first, options }),
        path,
        jobId ?? null,
        actor.label,
      ],
    ),
  );
  return exportId;
}

/** Ends a line as what came of it. */
export async function endLine(
  { database, actor }: Pick<GraphqlContext, 'database' | 'actor'>,
  exportId: string,
  result: ExportResult | AppError,
): Promise<void> {
  const failed = result instanceof AppError;
  const status = failed ? (result.code === 'INTERRUPTED' ? 'cancelled' : 'failed') : 'completed';
  const error = failed
    ? JSON.stringify({ code: result.code, message: result.message, hint: result.hint ?? null })
    : null;
  await writeSession(database.write, actor, ({ query }) =>
    query(
      'export ends',
      `UPDATE exports
          SET status = $2, rows = $3, bytes = $4, file_hash = $5, file_id = $6, error = $7, finished_at = now()
        WHERE export_id = $1`,
      [
        exportId,
        status,
        failed ? null : result.rows,
        failed ? null : result.bytes,
        failed ? null : result.hash,
        failed ? null : (result.fileId ?? null),
        error,
      ],
    ),
  );
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
  const exportId = await beginLine(context, request, line);
  try {
    const result = await work(exportId);
    await endLine(context, exportId, result);
    return { ...result, exportId };
  } catch (thrown) {
    const error = asAppError(thrown);
    // What went wrong is thrown whether or not the log can be told.
    await endLine(context, exportId, error).catch((err: unknown) =>
      context.log.warn({ err, exportId }, 'the end of an export was not noted'),
    );
    throw error;
  }
}
