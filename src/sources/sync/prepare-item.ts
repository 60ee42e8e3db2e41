/** From a pending item to what is to be written of it: claimed, and fetched where its bytes are needed. */
import { ConnectorError } from '../connector.ts';
import type { Claim, Claims } from './claims.ts';
import { BINARY, MOST_TEXT, TOO_LARGE } from './document-text.ts';
import { type Fetched, fetchItem } from './fetch-item.ts';
import { contentKind, extensionOf } from './formats.ts';
import { isOfItem } from './item-faults.ts';
import { MOVED } from './keep-items.ts';
import type { PendingItem } from './pending.ts';
import type { SyncRun } from './run.ts';

export interface Prepared {
  readonly item: PendingItem;
  readonly claim: Claim;
  /** In the source; by it the content is read and claimed. */
  readonly path: string;
  readonly found:
    | { readonly is: 'left' }
    /** Only where it is has changed. */
    | { readonly is: 'same' }
    /** Not worth its bytes. */
    | { readonly is: 'unread'; readonly why: string }
    | { readonly is: 'fetched'; readonly fetched: Fetched }
    | {
        readonly is: 'failed';
        readonly error: ConnectorError;
        /** Whether so many before it failed too that the place is at fault: it is asked for nothing more. */
        readonly isOfPlace: boolean;
      };
}

/**
 * Faults of the place that come one after the other are no faults of items. Those that met them are lines with a time all the
 * same: what fails for ever would keep everything behind it from being read for ever.
 */
const MOST_IN_A_ROW = 5;

export type Prepare = (item: PendingItem) => Promise<Prepared>;

/** @throws from what it makes: ConnectorError for faults that are no item's */
export function preparer(run: SyncRun, claims: Claims): Prepare {
  let inARow = 0;
  return async (item) => {
    const path = item.external_path;
    const claim = claims.of(path);
    if (claim.to === 'nothing') return { item, claim, path, found: { is: 'left' } };
    if (item.rules_hash === MOVED + claim.mark) return { item, claim, path, found: { is: 'same' } };
    const why = claim.to === 'document' ? unread(item, run.source.is_shared) : undefined;
    if (why !== undefined) return { item, claim, path, found: { is: 'unread', why } };
    try {
      const fetched = await run.renewing(() => fetchItem(run, item));
      inARow = 0;
      const own = fetched.name === undefined ? path : renamed(path, fetched.name);
      return { item, claim: own === path ? claim : claims.of(own), path: own, found: { is: 'fetched', fetched } };
    } catch (thrown) {
      run.job.signal.throwIfAborted();
      if (!(thrown instanceof ConnectorError) || !isOfItem(thrown)) throw thrown;
      inARow = thrown.kind === 'transient' ? inARow + 1 : 0;
      const isOfPlace = inARow >= MOST_IN_A_ROW;
      return { item, claim, path, found: { is: 'failed', error: thrown, isOfPlace } };
    }
  };
}

/** Of a file that is text to nobody, or too much of it, the bytes are not fetched. */
function unread(
  { item_type: type, name, media_type: mediaType, size }: PendingItem,
  isShared: boolean,
): string | undefined {
  if (type !== 'file') return undefined;
  // Its sheets may be named like datasets.
  if (isShared && extensionOf(name) === '.xlsx') return undefined;
  if (contentKind(name, mediaType) === 'binary') return BINARY;
  return size !== null && size > MOST_TEXT ? TOO_LARGE : undefined;
}

/** The path with the last part that the place gives to the content's own format. */
function renamed(path: string, name: string): string {
  const at = path.lastIndexOf('/') + 1;
  const own = path.slice(at);
  const extension = extensionOf(name);
  // The item's own name, which no other has at this place, and the format's extension.
  return extension === '' || own.toLowerCase().endsWith(extension) ? path : `${path}${extension}`;
}
