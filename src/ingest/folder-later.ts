/** Folders whose import goes on after its request is answered: which files they have is kept, and a job takes them in. */
import { buffer } from 'node:stream/consumers';
import type { WriteSession } from '../database/session.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { filesSlot, keepFile } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import type { Asked } from '../graphql/selection.ts';
import { enqueueJob } from '../jobs/enqueue.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { newSeries } from '../kernel/uuid.ts';
import type { ClaimedFile } from './claim-files.ts';
import { type FolderPlace, placeOf } from './folder-place.ts';
import { DAY_MS, IMPORT_FOLDER, keptForLater } from './import-later.ts';
import { importerSlot } from './importer-slot.ts';

/** Few bytes, without which nobody could tell whoever was answered RUNNING that the job never ran. */
const LIST_KEPT_DAYS = 365;

/** Where the folder lies is asked anew: also whether it may be read. */
export interface LaterFolder extends FolderPlace {
  /** Only files of this dataset; null for all. */
  readonly dataset: string | null;
  /** The import of the file at each place of the list has the id at that place of the series. */
  readonly series: string;
  /** The kept file that is the list. */
  readonly fileId: string;
}

/** One file of the list: what was answered RUNNING is this. */
export interface ListedFile {
  /** As it is kept. */
  readonly path: string;
  readonly dataset: string;
}

/** What was asked for, as it is kept under a request's key. */
export interface AskedFolder {
  /** Of the imports: each has the id at its file's place. */
  readonly series: string;
  readonly listed: readonly ListedFile[];
}

/**
 * Asks for the job that imports the files; once, however often it is sent under one key. They are read when it runs, from where
 * they lie.
 * @throws AppError DISK_FULL, INTERRUPTED
 */
export async function importFolderLater(
  context: GraphqlContext,
  { root, dataset = null }: { readonly root: string; readonly dataset?: string | null | undefined },
  claimed: readonly ClaimedFile[],
  info: Asked,
): Promise<AskedFolder> {
  const { actor, left } = context;
  const series = newSeries();
  const place = await placeOf(importerSlot.get(context).importRoots, root);
  const listed = claimed.map(({ file, match }): ListedFile => ({ path: file.path, dataset: match.dataset.name }));
  const bytes = (async function* () {
    yield Buffer.from(JSON.stringify(listed));
  })();
  const blob = await filesSlot.get(context).store.put(bytes, { most: Number.MAX_SAFE_INTEGER, signal: left });
  const enqueue = async ({ query }: WriteSession): Promise<AskedFolder> => {
    const expiresAt = new Date(Date.now() + LIST_KEPT_DAYS * DAY_MS);
    const kept = { blob, name: 'files.json', mediaType: 'application/json', ...keptForLater(context), expiresAt };
    const { fileId } = await keepFile(query, kept);
    const given = { ...place, dataset, series, fileId, files: claimed.length };
    await enqueueJob(query, { kind: IMPORT_FOLDER, arguments: given, actor, singleton: series });
    return { series, listed };
  };
  return mutate(context, enqueue, info);
}

/** @throws AppError INTERNAL for arguments that no release has written */
export function laterFolderOf(given: unknown): LaterFolder {
  const { root, within, dataset, series, fileId }: Record<string, unknown> = isJsonObject(given) ? given : {};
  const isNamed = dataset === null || typeof dataset === 'string';
  if (typeof root === 'string' && isNamed && typeof series === 'string' && typeof fileId === 'string')
    return { root, within: typeof within === 'string' ? within : undefined, dataset, series, fileId };
  throw new AppError('INTERNAL', 'The arguments of a folder’s import are none');
}

/** The list under this hash. @throws AppError NOT_FOUND, INTERNAL for what no release has written */
export async function readListed(store: BlobStore, hash: string): Promise<readonly ListedFile[]> {
  const found: unknown = JSON.parse((await buffer(await store.open(hash))).toString());
  const isListed = (one: unknown): one is ListedFile =>
    isJsonObject(one) && typeof one['path'] === 'string' && typeof one['dataset'] === 'string';
  if (Array.isArray(found) && found.every(isListed)) return found;
  throw new AppError('INTERNAL', 'The list of a folder’s files is none');
}
