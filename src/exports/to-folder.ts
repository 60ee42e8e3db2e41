/** Exports as files of a folder: whole, or not there at all. */
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asWritingError } from '../backup/folder.ts';
import type { CopySession } from '../database/copy-session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { syncFolder } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import type { Exporter } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { type ExportResult, logged } from './log.ts';
import { createMeter } from './meter.ts';
import type { ExportRequest } from './request.ts';
import { openSource } from './source.ts';
import { onSnapshot, writeSource } from './write.ts';

export interface FileRequest {
  readonly request: ExportRequest;
  /** Without its ending; the source's own unless given, so that the file imports again. */
  readonly name?: string | undefined;
}

export interface ExportedFile extends ExportResult {
  readonly exportId: string;
  readonly source: string;
  readonly format: string;
  /** Absolute. */
  readonly path: string;
}

export interface FolderWatch {
  readonly signal: AbortSignal;
  /** Hears of a file as it grows. */
  readonly onBytes?: ((path: string, bytes: number) => void) | undefined;
}

/** What is being written has this at the end of its name. */
const UNFINISHED = '.part';

/**
 * Writes files into `folder`, which it makes, all on one snapshot. Files of the same name are replaced, all at the end: if
 * any fails, every one of them is as it was.
 * @throws AppError CONFIG_INVALID for what the disk refuses, INTERRUPTED; as {@link openSource}
 */
export async function exportToFolder(
  context: GraphqlContext,
  exporter: Exporter,
  files: readonly FileRequest[],
  folder: string,
  watch: FolderWatch,
): Promise<ExportedFile[]> {
  const written: ExportedFile[] = [];
  try {
    await mkdir(folder, { recursive: true });
    await onSnapshot(context, watch.signal, async (session) => {
      for (const file of files)
        written.push(await writeOne(context, exporter, session, file, { folder, ...watch, written }));
    });
    for (const { path } of written) await rename(path + UNFINISHED, path);
    await syncFolder(folder);
    return written;
  } catch (thrown) {
    await Promise.all(written.map(({ path }) => rm(path + UNFINISHED, { force: true })));
    throw asWritingError(thrown, folder);
  }
}

interface Place extends FolderWatch {
  readonly folder: string;
  readonly written: readonly ExportedFile[];
}

async function writeOne(
  context: GraphqlContext,
  exporter: Exporter,
  session: CopySession,
  { request, name }: FileRequest,
  { folder, signal, onBytes, written }: Place,
): Promise<ExportedFile> {
  const source = await openSource(context, exporter, request, session);
  const path = join(folder, `${name ?? source.fileName}${formatNamed(request.format).extension}`);
  if (written.some((other) => other.path === path)) {
    throw new AppError('BAD_USER_INPUT', `Two exports would be called ${basename(path)}`, {
      hint: 'Write them to two folders.',
    });
  }
  const part = path + UNFINISHED;
  try {
    const result = await logged(context, request, { path, signal }, async () => {
      const meter = createMeter((bytes) => onBytes?.(path, bytes));
      const body = new PassThrough();
      const [{ rows }] = await Promise.all([
        writeSource(session, source, request, body, signal),
        pipeline(body, meter, createWriteStream(part, { highWaterMark: 1 << 20 }), { signal }),
      ]);
      await sync(part);
      return { rows, bytes: meter.bytes(), hash: meter.hash() };
    });
    return { ...result, source: request.source, format: request.format, path };
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

/** On disk, before its name says that it is whole. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
