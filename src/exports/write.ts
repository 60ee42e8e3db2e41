/** One export's bytes: from a snapshot into whatever takes them. */
import { type CopiedRows, type CopySession, copySession } from '../database/copy-session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { escapeApostrophes } from './apostrophes.ts';
import { csvCopy, jsonCopy, textCopy } from './copied.ts';
import { rowsOf } from './copied-rows.ts';
import type { Exporter } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { jsonColumns } from './json-columns.ts';
import { jsonRows } from './json-rows.ts';
import type { ExportRequest } from './request.ts';
import { type Sink, writableInto } from './sink.ts';
import { type ExportSource, openSource } from './source.ts';

export interface Written {
  readonly rows: number;
}

/**
 * Opens one snapshot for as many exports as `work` writes. What it writes is cancelled once `signal` is aborted.
 * @throws AppError INTERRUPTED, DATABASE_BUSY, DATABASE_UNREACHABLE; whatever `work` throws
 */
export function onSnapshot<T>(
  context: GraphqlContext,
  signal: AbortSignal | undefined,
  work: (session: CopySession) => Promise<T>,
): Promise<T> {
  return copySession(context.database, context.actor, signal ?? context.left, work);
}

/**
 * Writes what is asked for into `sink`. Nothing is written before everything that can be refused was.
 * @throws AppError as {@link openSource}; whatever `sink` fails with
 */
export async function writeExport(
  context: GraphqlContext,
  exporter: Exporter,
  session: CopySession,
  request: ExportRequest,
  sink: Sink,
  signal?: AbortSignal,
): Promise<Written> {
  const source = await openSource(context, exporter, request, session);
  return writeSource(session, source, request, sink, signal);
}

/** As {@link writeExport}, of an opened source. */
export async function writeSource(
  session: CopySession,
  source: ExportSource,
  request: ExportRequest,
  sink: Sink,
  signal?: AbortSignal,
): Promise<Written> {
  const byRows = await formatNamed(request.format).rows?.();
  if (byRows === undefined) return writeCopied(await copiedAs(session, source, request), sink);
  const copied = session.copy(textCopy(source));
  try {
    const { columns, name } = source;
    await byRows.write({ columns, batches: rowsOf(copied) }, writableInto(sink), { name, signal });
  } finally {
    copied.destroy();
  }
  return { rows: copied.rowCount };
}

interface Copied {
  readonly rows: CopiedRows;
  readonly bytes: AsyncIterable<Uint8Array>;
}

async function writeCopied({ rows, bytes }: Copied, sink: Sink): Promise<Written> {
  try {
    for await (const piece of bytes) await sink.write(piece);
  } finally {
    rows.destroy();
  }
  return { rows: rows.rowCount };
}

/** The formats that take the rows as COPY writes them, or nearly so. */
async function copiedAs(
  session: CopySession,
  source: ExportSource,
  { format, options = {} }: ExportRequest,
): Promise<Copied> {
  if (format !== 'csv') {
    const columns = await jsonColumns(session, source);
    const rows = session.copy(jsonCopy(source, columns));
    return { rows, bytes: jsonRows(rows, columns, format === 'json' ? 'list' : 'lines') };
  }
  const { delimiter = ',', escapeFormulas, bom } = options;
  const rows = session.copy(csvCopy(source, options));
  const escaped = escapeFormulas === true ? rows : escapeApostrophes(rows, delimiter);
  return { rows, bytes: bom === true ? marked(escaped) : escaped };
}

/** Behind the mark by which spreadsheets know UTF-8. */
async function* marked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield Buffer.from('\ufeff');
  yield* bytes;
}
