/** What a listing has told and nothing of which is written yet, in its order. */
import type { Cursor, SyncEvent } from '../connector.ts';
import { keptKey, type ToldItem, toldItem } from './told-item.ts';

export interface ToldError {
  readonly item: ToldItem;
  readonly error: Extract<SyncEvent, { type: 'item-error' }>['error'];
}

/** Deletes first, then upserts; whatever must come in another order is in the next. */
export interface Segment {
  readonly deletes: { readonly id: string | null; readonly pathKey: string | null; readonly subtree: boolean }[];
  /** Path keys at and below which everything else is gone, since an upsert replaced it. */
  readonly replaced: { readonly pathKey: string; readonly id: string }[];
  readonly items: ToldItem[];
  readonly errors: ToldError[];
}

export interface Batch {
  readonly segments: Segment[];
  /** All events of it. */
  readonly size: () => number;
  /** Of the last checkpoint. */
  readonly cursor: () => Cursor | undefined;
  readonly add: (event: Extract<SyncEvent, { type: 'upsert' | 'delete' | 'item-error' | 'checkpoint' }>) => void;
}

const newSegment = (): Segment => ({ deletes: [], replaced: [], items: [], errors: [] });

export function openBatch(): Batch {
  const segments: Segment[] = [];
  let open = newSegment();
  let size = 0;
  let cursor: Cursor | undefined;
  /** Path keys told in the open segment, and all above them: asked only where an upsert replaces what it covers. */
  let covered: Set<string> | undefined;
  const next = (): void => {
    open = newSegment();
    segments.push(open);
    covered = undefined;
  };
  segments.push(open);
  return {
    segments,
    size: () => size,
    cursor: () => cursor,
    add(event) {
      if (event.type === 'checkpoint') {
        cursor = event.cursor;
        return;
      }
      size += 1;
      if (event.type === 'delete') {
        if (open.items.length > 0 || open.errors.length > 0) next();
        const { id = null, pathKey, subtree } = event;
        open.deletes.push({ id, pathKey: pathKey === undefined ? null : keptKey(pathKey), subtree });
        return;
      }
      if (event.type === 'item-error') {
        const { id, path, version = '', kind = 'file', mediaType } = event.ref;
        const name = path?.slice(path.lastIndexOf('/') + 1) ?? id;
        const item = toldItem({ id, kind, name, path, version, mediaType, hasContent: true });
        open.errors.push({ item, error: event.error });
        return;
      }
      const item = toldItem(event.item);
      const { pathKey } = item;
      if (event.replacesSubtree === true && pathKey !== null) {
        covered ??= coveredBy(open.items);
        if (covered.has(pathKey)) next();
        open.replaced.push({ pathKey, id: item.externalId });
      }
      open.items.push(item);
      if (covered !== undefined) cover(covered, pathKey);
    },
  };
}

function coveredBy(items: readonly ToldItem[]): Set<string> {
  const covered = new Set<string>();
  for (const { pathKey } of items) cover(covered, pathKey);
  return covered;
}

function cover(covered: Set<string>, pathKey: string | null): void {
  for (
    let key = pathKey ?? '';
    key !== '' && !covered.has(key);
    key = key.slice(0, Math.max(0, key.lastIndexOf('/')))
  ) {
    covered.add(key);
  }
}
