/** One export's bytes: from a snapshot into whatever takes them. */
import { PassThrough, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CopySession, copySession } from '../database/copy-session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { apostropheEscaper } from './apostrophes.ts';
import { csvCopy, jsonCopy, textCopy } from './copied.ts';
import { rowsOf } from './copied-rows.ts';
import type { Exporter } from './exporter.ts';
import { formatNamed } from './formats.ts';
import type { ExportOptions, ExportRequest } from './request.ts';
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
 * Writes what is asked for into `out` and ends it; waits where `out` is full. Nothing is written before everything that can
 * be refused was: `onOpen` hears when bytes begin.
 * @throws AppError as {@link openSource}; whatever `out` fails with
 */
export async function writeExport(
  context: GraphqlContext,
  exporter: Exporter,
  session: CopySession,
  request: ExportRequest,
  out: Writable,
  signal?: AbortSignal,
): Promise<Written> {
  const source = await openSource(context, exporter, request, session);
  return writeSource(session, source, request, out, signal);
}

/** As {@link writeExport}, of an opened source. */
export async function writeSource(
  session: CopySession,
  source: ExportSource,
  { format, options = {} }: ExportRequest,
  out: Writable,
  signal?: AbortSignal,
): Promise<Written> {
  const stop = signal === undefined ? {} : { signal };
  const { rows: byRows } = formatNamed(format);
  if (byRows !== undefined) {
    const copied = session.copy(textCopy(source));
    const { columns, name } = source;
    try {
      await byRows.write({ columns, batches: rowsOf(copied) }, out, {
        name,
        signal,
      });
    } finally {
      copied.destroy();
    }
    return { rows: copied.rowCount };
  }
  const copied = session.copy(
    format === 'csv' ? csvCopy(source, options) : jsonCopy(source, format === 'json' ? ',' : ''),
  );
  await pipeline([copied, ...shapesOf(format, options), out], stop);
  return { rows: copied.rowCount };
}

/** What the rows as COPY writes them still pass. */
function shapesOf(format: string, { delimiter = ',', escapeFormulas, bom }: ExportOptions): Transform[] {
  if (format === 'json') return [asList()];
  if (format !== 'csv') return [];
  return [...(escapeFormulas === true ? [] : [apostropheEscaper(delimiter)]), ...(bom === true ? [withMark()] : [])];
}

/** Lines that each end in a comma and a line feed, as one JSON list. */
function asList(): Transform {
  let held: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // Of the last row neither is written; a chunk may hold less than both.
      let all = chunk;
      if (held === undefined) this.push('[\n');
      else if (chunk.length >= 2) this.push(held);
      else all = Buffer.concat([held, chunk]);
      held = all.subarray(-2);
      this.push(all.subarray(0, -2));
      done();
    },
    flush(done) {
      this.push(held === undefined ? '[]\n' : '\n]\n');
      done();
    },
  });
}

/** The mark by which spreadsheets know UTF-8. */
function withMark(): Transform {
  const marked = new PassThrough();
  marked.write('\ufeff');
  return marked;
}
