/** One file into a place: over the version that we know, beside it where somebody was faster, never over what nobody has read. */
import { type Connector, type ConnectorContext, ConnectorError, type Download, type RemoteItem } from '../connector.ts';
import { conflictCopyPath } from './conflict-copy.ts';
import { fileStream } from './file-stream.ts';
import { isContent } from './same-content.ts';

/** A file of this machine. */
export interface Payload {
  /** Absolute. */
  readonly file: string;
  readonly size: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly mediaType?: string | undefined;
}

/** What is known of the file at the path, as sync_items has it. */
export interface KnownItem {
  readonly external_id: string;
  readonly external_version: string;
  readonly written_version: string | null;
  readonly content_hash: string | null;
  readonly sync_status: string;
}

export interface Place {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  /** Does `work`, and once more with another token where the first was refused. */
  readonly renewing: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface PutOptions {
  /** From the source's root. */
  readonly path: string;
  readonly known: KnownItem | undefined;
  /** Names the day of a conflict copy. */
  readonly now: Date;
  readonly resume?: string | undefined;
  readonly onProgress?: ((resume: string, bytes: number) => Promise<void>) | undefined;
}

export type PutOutcome =
  /** `item` undefined where the place holds our bytes already, and only its next listing tells as what. */
  | { readonly status: 'written'; readonly item: RemoteItem | undefined; readonly version: string | undefined }
  | { readonly status: 'unchanged' }
  /** Theirs stays at the path; ours is at `copy`. */
  | { readonly status: 'conflict'; readonly copy: string }
  /** Nothing was written: the place holds what only its next listing tells. */
  | { readonly status: 'waiting'; readonly reason: string };

const GONE = new Set(['missing', 'deleted']);
const UNREAD = new Set(['pending', 'failed']);
/** Copies of one name on one day; more is a fault, not a conflict. */
const MOST_COPIES = 20;

/** @throws ConnectorError for what is wrong with the place */
export async function putFile(place: Place, payload: Payload, options: PutOptions): Promise<PutOutcome> {
  const { path, known } = options;
  const isThere = known !== undefined && !GONE.has(known.sync_status);
  const isOurs = isThere && known.external_version === known.written_version;
  if (isThere && (known.sync_status === 'conflict' || (!isOurs && UNREAD.has(known.sync_status)))) {
    return { status: 'waiting', reason: 'The place holds a version that is not read yet' };
  }
  if (isThere && known.content_hash === payload.hash) return { status: 'unchanged' };
  // What was skipped was never read: it is replaced only where we wrote it.
  const replaces = isThere && (isOurs || known.sync_status === 'synced') ? known.external_version : null;
  try {
    const item = await send(place, payload, path, { ...options, replaces });
    return { status: 'written', item, version: item.version };
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
    return settleConflict(place, payload, options, isThere ? known.external_id : path);
  }
}

async function settleConflict(place: Place, payload: Payload, options: PutOptions, id: string): Promise<PutOutcome> {
  const theirs = await lookAt(place, id, options.path);
  if (theirs === undefined) return { status: 'waiting', reason: 'The file was removed or renamed meanwhile' };
  // An earlier attempt wrote it and was cut before it could say so.
  if (await isContent(theirs, payload)) return { status: 'written', item: undefined, version: theirs.version };
  for (let turn = 0; turn < MOST_COPIES; turn += 1) {
    const copy = conflictCopyPath(options.path, options.now, turn);
    try {
      await send(place, payload, copy, { replaces: null });
      return { status: 'conflict', copy };
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      const there = await lookAt(place, copy, copy);
      if (there !== undefined && (await isContent(there, payload))) return { status: 'conflict', copy };
    }
  }
  throw new ConnectorError('conflict', `There are ${MOST_COPIES} conflict copies of ${options.path} of one day`, {
    hint: 'Choose among them, and remove the others.',
  });
}

/** Undefined where nothing is there, or the place knows it by another id than its path. */
function lookAt({ connector, context, renewing }: Place, id: string, path: string): Promise<Download | undefined> {
  return renewing(async () => {
    try {
      return await connector.download({ id, path }, {}, context);
    } catch (thrown) {
      if (thrown instanceof ConnectorError && ['not-found', 'forbidden'].includes(thrown.kind)) return undefined;
      throw thrown;
    }
  });
}

function send(
  { connector, context, renewing }: Place,
  { file, size, mediaType }: Payload,
  path: string,
  { replaces, resume, onProgress }: Pick<PutOptions, 'resume' | 'onProgress'> & { readonly replaces: string | null },
): Promise<RemoteItem> {
  return renewing(async () => {
    if (connector.upload === undefined) throw new ConnectorError('config', `${connector.title} cannot be written to`);
    const open = (offset: number): ReadableStream<Uint8Array> => fileStream(file, offset);
    return connector.upload({ path, size, mediaType, open, replaces, resume, onProgress }, context);
  });
}

const isConflict = (thrown: unknown): boolean => thrown instanceof ConnectorError && thrown.kind === 'conflict';
