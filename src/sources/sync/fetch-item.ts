/** One item's bytes as a file of this machine, whole and true, before any transaction begins. */
import { rm, stat } from 'node:fs/promises';
import { crashPoint } from '../../kernel/crash-point.ts';
import { hashFile } from '../../kernel/hash.ts';
import { ConnectorError, type ContentHash, type Download, type HashAlgorithm } from '../connector.ts';
import { supposedHash } from '../kit/content-hash.ts';
import { requireNoPage } from './html-page.ts';
import type { PendingItem } from './pending.ts';
import type { SyncRun } from './run.ts';
import { openSpoolFile, type SpoolFile, spoolPath } from './spool-file.ts';

export interface Fetched {
  /** Absolute. */
  readonly file: string;
  readonly size: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  /** Whether the file is ours to remove. */
  readonly isSpooled: boolean;
  /** By which to read it, where it is another format than the item's name says. */
  readonly name: string | undefined;
  readonly mediaType: string | undefined;
}

/** A cut is gone on from there at once so often, as long as each try brings bytes. */
const MOST_CUTS = 5;

/**
 * Fetches it, going on where an earlier attempt was cut if the place can.
 * @throws ConnectorError, also where what came is not what was listed
 */
export async function fetchItem(run: SyncRun, item: PendingItem): Promise<Fetched> {
  const first = await fetchOnce(run, item, undefined);
  if (!('unproven' in first)) return first;
  // Bytes on the way are not altered twice in the same manner: then the etag is no MD5, and only the size is proof.
  const second = await fetchOnce(run, item, first.unproven);
  if ('unproven' in second) throw untrue();
  run.log.info(
    { sourceId: run.source.source_id, itemId: item.id },
    'an etag is no MD5; its item is verified by its size',
  );
  return second;
}

/** What is not what a supposed hash says: its SHA-256, hexadecimal. */
interface Unproven {
  readonly unproven: string;
}

/** As {@link fetchItem}; `same` is the SHA-256 that is enough where a supposed hash is not met. */
async function fetchOnce(run: SyncRun, item: PendingItem, same: string | undefined): Promise<Fetched | Unproven> {
  const { connector, context } = run;
  const told = toldHash(item.external_hash);
  const path = spoolPath(run.spool, item);
  // What an earlier attempt brought; a place that cannot go on from there begins anew.
  let spool =
    connector.capabilities.rangeDownload && (await isThere(path))
      ? await openSpoolFile(path, run.spool, told, false)
      : undefined;
  if (spool !== undefined && item.size !== null && spool.size() >= Number(item.size)) {
    const whole = await cameBefore(item, spool, told);
    if (whole !== undefined) return whole;
    spool = undefined;
  }
  try {
    for (let cuts = 0; ; cuts += 1) {
      const from = spool?.size() ?? 0;
      try {
        const given = await connector.download(refOf(item), from > 0 ? { offset: from } : {}, context);
        if (given.file !== undefined) {
          await given.body.cancel();
          return await readInPlace(run, item, given, given.file);
        }
        await requireVersion(item, given);
        const asked = told === undefined || told.isSupposed ? given.hash : told;
        spool ??= await openSpoolFile(path, run.spool, asked, true);
        await fill(run, spool, given);
        if (expectedSize(item, given) !== spool.size()) await requireNoPage(path, item, given);
        requireWhole(item, given, spool.size());
        return await finish(item, given, spool, same);
      } catch (thrown) {
        const isCut = thrown instanceof ConnectorError && thrown.kind === 'transient' && (spool?.size() ?? 0) > from;
        if (!isCut || spool?.isDone() || !connector.capabilities.rangeDownload || cuts >= MOST_CUTS) throw thrown;
      }
    }
  } catch (thrown) {
    await spool?.close();
    // What is wrong now would be wrong again from there.
    const mayGoOn = !(thrown instanceof ConnectorError) || thrown.kind === 'transient' || thrown.kind === 'rate-limit';
    if (spool?.isDone() || !mayGoOn) await rm(path, { force: true });
    throw thrown;
  }
}

async function finish(
  item: PendingItem,
  given: Download,
  spool: SpoolFile,
  same: string | undefined,
): Promise<Fetched | Unproven> {
  const { hash, isTrue, isSupposed } = await spool.finish();
  if (isTrue !== true) await requireNoPage(spool.path, item, given);
  if (isTrue === false && !isSupposed) throw untrue();
  if (isTrue === false && hash !== same) {
    await rm(spool.path, { force: true });
    return { unproven: hash };
  }
  crashPoint('sync.fetched');
  return { file: spool.path, size: spool.size(), hash, isSpooled: true, name: given.name, mediaType: given.mediaType };
}

/** Of what came to its end before the run was cut: a place has nothing to send from there. What no hash proves is fetched anew. */
async function cameBefore(
  item: PendingItem,
  spool: SpoolFile,
  told: ContentHash | undefined,
): Promise<Fetched | undefined> {
  const { hash, isTrue } = await spool.finish();
  if (told === undefined || isTrue !== true || item.item_type !== 'file') return undefined;
  return { file: spool.path, size: spool.size(), hash, isSpooled: true, name: undefined, mediaType: undefined };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

/** As fetched bytes, for a file that lies on this machine anyway. */
async function readInPlace(run: SyncRun, item: PendingItem, given: Download, file: string): Promise<Fetched> {
  await requireVersion(item, given);
  try {
    const before = await stat(file);
    const { hash, size } = await hashFile(file, run.job.signal);
    const after = await stat(file);
    if (after.size !== size || before.mtimeMs !== after.mtimeMs) throw changed();
    return { file, size, hash, isSpooled: false, name: given.name, mediaType: given.mediaType };
  } catch (thrown) {
    run.job.signal.throwIfAborted();
    if (thrown instanceof ConnectorError) throw thrown;
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    const kind = code === 'ENOENT' ? 'not-found' : code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'transient';
    throw new ConnectorError(kind, `The file cannot be read (${code || String(thrown)})`, { cause: thrown });
  }
}

async function fill(run: SyncRun, spool: SpoolFile, { body }: Download): Promise<void> {
  for await (const chunk of body) {
    run.job.signal.throwIfAborted();
    await spool.add(chunk);
  }
}

async function requireVersion(item: PendingItem, { version, body, file }: Download): Promise<void> {
  if (version === undefined || version === item.external_version) return;
  if (file === undefined) await body.cancel();
  throw changed();
}

/** Of content in another format than the item's own, the listed size says nothing. */
function expectedSize(item: PendingItem, { size, name }: Download): number | undefined {
  return size ?? (name === undefined && item.size !== null ? Number(item.size) : undefined);
}

function requireWhole(item: PendingItem, given: Download, came: number): void {
  const expected = expectedSize(item, given);
  if (expected === undefined || expected === came) return;
  if (came < expected) throw new ConnectorError('transient', `${came} of ${expected} bytes came`);
  throw changed();
}

const changed = (): ConnectorError =>
  new ConnectorError('conflict', 'It was changed since it was listed', {
    hint: 'The next run meets it as it is by then.',
  });

const untrue = (): ConnectorError =>
  new ConnectorError('transient', 'What came is not what the place says that it is: the hashes differ');

function refOf(item: PendingItem) {
  const {
    external_id: id,
    external_path: path,
    external_version: version,
    item_type: type,
    media_type: mediaType,
  } = item;
  const kind = KINDS.find((known) => known === type);
  return { id, path, version, kind, mediaType: mediaType ?? undefined };
}

const KINDS = ['file', 'folder', 'native', 'shortcut', 'message', 'page'] as const;
const ETAG = 'etag:';
const ALGORITHMS: readonly HashAlgorithm[] = ['dropbox', 'md5', 'sha1', 'sha256', 'quickxor', 'crc32c'];

function toldHash(text: string | null): ContentHash | undefined {
  if (text === null) return undefined;
  if (text.startsWith(ETAG)) return supposedHash(text.slice(ETAG.length));
  const algorithm = ALGORITHMS.find((known) => text.startsWith(`${known}:`));
  return algorithm && { algorithm, value: text.slice(algorithm.length + 1) };
}
