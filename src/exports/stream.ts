/** An export that is sent while it is read. */
import type { GraphqlContext } from '../graphql/context.ts';
import type { SentPieces } from '../http/send-pieces.ts';
import { exporterSlot } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { beginLine, endFailed, endLine, exportFault } from './log.ts';
import { createMeter } from './meter.ts';
import type { ExportRequest } from './request.ts';
import { createHandoff, type Sink } from './sink.ts';
import { openSource } from './source.ts';
import { onSnapshot, writeSource } from './write.ts';

export interface StreamedExport {
  /** Fail where the export does, which then has no proper end. Leaving them ends the query. */
  readonly body: SentPieces;
  /** What the file is called. */
  readonly file: string;
}

interface Taking {
  readonly signal: AbortSignal;
  /** Of its file, without its ending; the source's unless given. */
  readonly name?: string | undefined;
  /** Hears what the file is called, once nothing is refused any more. */
  readonly onOpen?: (file: string) => void;
  /** Hears that all bytes are written. */
  readonly onWritten?: () => void;
}

/** Writes a whole export into `sink`; a line of the log tells of it. @throws AppError as {@link streamExport}; what `sink` throws */
export async function exportInto(
  context: GraphqlContext,
  request: ExportRequest,
  sink: Sink,
  { signal, name, onOpen, onWritten }: Taking,
): Promise<void> {
  const exporter = exporterSlot.get(context);
  const meter = createMeter(sink);
  await onSnapshot(context, signal, async (session) => {
    const source = await openSource(context, exporter, request, session);
    const file = `${name ?? source.fileName}${formatNamed(request.format).extension}`;
    const exportId = await beginLine(context, session, request, { path: file });
    try {
      onOpen?.(file);
      const { rows } = await writeSource(session, source, request, meter, signal);
      onWritten?.();
      await endLine(context, exportId, { rows, bytes: meter.bytes(), hash: meter.hash() });
    } catch (thrown) {
      const error = exportFault(thrown, signal);
      await endFailed(context, exportId, error);
      throw error;
    }
  });
}

/**
 * Begins an export; what can be refused is refused before any byte. `name` is that of its file, without its ending;
 * the source's unless given.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT, DATABASE_BUSY
 */
export async function streamExport(
  context: GraphqlContext,
  request: ExportRequest,
  name?: string,
): Promise<StreamedExport> {
  const opened = Promise.withResolvers<string>();
  const stop = new AbortController();
  const body = createHandoff(() => stop.abort());
  const signal = context.left === undefined ? stop.signal : AbortSignal.any([context.left, stop.signal]);
  const written = exportInto(context, request, body, {
    ...{ signal, name, onOpen: opened.resolve },
    // Who has all of it may leave before the log has its line.
    onWritten: () => body.end(),
  });
  written.catch((thrown: unknown) => {
    opened.reject(thrown);
    body.end(thrown);
  });
  return { body, file: await opened.promise };
}
