/** Exports as files of a folder: whole, or not there at all. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asWritingError } from '../backup/folder.ts';
import type { CopySession } from '../database/copy-session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { syncFolder, writeAll } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import type { Exporter } from './exporter.ts';
import { formatNamed } from './formats.ts';
import { beginLine, type ExportResult, endFailed, endLine, exportFault, sweepExports } from './log.ts';
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Under its export's own name until it is whole: two that write the same file at once would mix their bytes. */
const partOf = (path: string, exportId: string): string => `${path}.${exportId}.part`;

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
  const begun: Begun[] = [];
  try {
    await makeFolder(folder);
    return await onSnapshot(context, watch.signal, async (session) => {
      const written: ExportedFile[] = [];
      for (const file of files)
        written.push(await writeOne(context, exporter, session, file, { folder, ...watch, begun }));
      for (const { path, exportId } of begun) await rename(partOf(path, exportId), path);
      await syncFolder(folder);
      // Not before: a line that is completed has its file.
      for (const file of written) await endLine(context, file.exportId, file);
      return written;
    });
  } catch (thrown) {
    const error = exportFault(asWritingError(thrown, folder), watch.signal);
    for (const { path, exportId } of begun) {
      await rm(partOf(path, exportId), { force: true });
      await endFailed(context, exportId, error);
    }
    throw error;
  }
}

/** With what leads to it. Not by Node's own way, which never comes back from places that the system keeps, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw thrown;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch(async (cause: unknown) => {
      // Another may have made it meanwhile.
      if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
      throw new AppError('CONFIG_INVALID', `Nothing could be written to ${folder}: no folder can be made there`, {
        cause,
        path: folder,
        hint: 'Name another folder.',
      });
    });
  }
}

interface Begun {
  readonly exportId: string;
  readonly path: string;
}

interface Place extends FolderWatch {
  readonly folder: string;
  readonly begun: Begun[];
}

async function writeOne(
  context: GraphqlContext,
  exporter: Exporter,
  session: CopySession,
  { request, name }: FileRequest,
  { folder, signal, onBytes, begun }: Place,
): Promise<ExportedFile> {
  const source = await openSource(context, exporter, request, session);
  const path = join(folder, `${name ?? source.fileName}${formatNamed(request.format).extension}`);
  if (begun.some((other) => other.path === path)) {
    throw new AppError('BAD_USER_INPUT', `Two exports would be called ${basename(path)}`, {
      hint: 'Write them to two folders.',
    });
  }
  await removeLeft(context, path);
  const exportId = await beginLine(context, session, request, { path });
  begun.push({ exportId, path });
  const part = partOf(path, exportId);
  const file = await open(part, 'w');
  try {
    const meter = createMeter({ write: (bytes) => writeAll(file, bytes) }, (bytes) => onBytes?.(path, bytes));
    const { rows } = await writeSource(session, source, request, meter, signal);
    // On disk, before its name says that it is whole.
    await file.sync();
    const result = { rows, bytes: meter.bytes(), hash: meter.hash() };
    return { exportId, ...result, source: request.source, format: request.format, path };
  } finally {
    await file.close();
  }
}

/** Removes what killed exports left of this file; what another one is writing, or another database's wrote, stays. */
async function removeLeft({ database }: GraphqlContext, path: string): Promise<void> {
  const start = `${basename(path)}.`;
  const parts = (await readdir(dirname(path))).filter((name) => name.startsWith(start) && name.endsWith('.part'));
  const ids = parts.map((name) => name.slice(start.length, -'.part'.length)).filter((id) => UUID.test(id));
  if (ids.length === 0) return;
  await sweepExports(database.write);
  const { rows } = await database.write.query<{ id: string }>(
    `SELECT export_id::text AS id FROM exports WHERE export_id = ANY ($1::uuid[]) AND status <> 'running'`,
    [ids],
  );
  for (const { id } of rows) await rm(partOf(path, id), { force: true });
}
