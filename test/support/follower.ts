/** The least that can follow a source: it keeps what a connector tells, as the engine does, in memory. */
import {
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type Cursor,
  type RemoteItem,
  type SyncEvent,
} from '../../src/sources/connector.ts';
import { createHasher, isDigest } from '../../src/sources/kit/content-hash.ts';

export interface Follower {
  readonly world: ReadonlyMap<string, RemoteItem>;
  /** The last cursor that was told, at a checkpoint or at the end. */
  readonly cursor: () => Cursor | null;
  /**
   * One pass from the last cursor on (`full`: from none). Returns its events; a listing without an end is a fault of the
   * connector.
   */
  readonly follow: (options?: { readonly full?: boolean; readonly from?: Cursor }) => Promise<readonly SyncEvent[]>;
}

/** More events than any fake has things to tell of. */
const TOO_MANY = 20_000;

export function createFollower(connector: Connector, context: () => ConnectorContext): Follower {
  const world = new Map<string, RemoteItem>();
  /** Over broken-off passes too, as the engine's sync_seen. */
  let seen: Set<string> | undefined = new Set();
  let cursor: Cursor | null = null;
  const apply = (event: SyncEvent): void => {
    if (event.type === 'upsert') {
      if (event.replacesSubtree === true) dropBelow(world, event.item);
      world.set(event.item.id, event.item);
      seen?.add(event.item.id);
    } else if (event.type === 'item-error') seen?.add(event.ref.id);
    else if (event.type === 'delete') drop(world, event);
    else if (event.type === 'reset') seen = new Set();
    else if (event.type === 'checkpoint') cursor = event.cursor;
    else {
      if (event.coverage === 'full') for (const id of world.keys()) if (seen?.has(id) === false) world.delete(id);
      cursor = event.cursor;
      seen = connector.capabilities.changes === 'listing' ? new Set() : undefined;
    }
  };
  return {
    world,
    cursor: () => cursor,
    async follow(options = {}) {
      const events: SyncEvent[] = [];
      if (options.full === true) seen = new Set();
      const from = options.full === true ? null : (options.from ?? cursor);
      for await (const event of connector.listChanges(from, context())) {
        events.push(event);
        if (events.length > TOO_MANY) throw new Error(`${connector.id} tells more than ${TOO_MANY} events`);
        apply(event);
      }
      const last = events.at(-1);
      if (last?.type !== 'complete') throw new Error(`${connector.id} ended a pass with ${last?.type ?? 'nothing'}`);
      return events;
    },
  };
}

/** Downloads an item to its end and checks what was told of it, as the engine does. @throws what is wrong */
export async function fetchItem(
  connector: Connector,
  context: ConnectorContext,
  item: RemoteItem,
  options: { readonly offset?: number; readonly had?: Uint8Array } = {},
): Promise<Buffer> {
  const { id, path, version, kind, mediaType } = item;
  const download = await connector.download(
    { id, path, version, kind, mediaType },
    { offset: options.offset },
    context,
  );
  const parts: Uint8Array[] = options.had === undefined ? [] : [options.had];
  for await (const part of download.body) parts.push(part);
  const content = Buffer.concat(parts);
  const size = download.size ?? (item.kind === 'file' ? item.size : undefined);
  if (size !== undefined && size !== content.length)
    throw new ConnectorError('transient', 'another size than was told');
  for (const told of [download.hash, item.kind === 'file' ? item.hash : undefined]) {
    const hasher = told === undefined ? undefined : createHasher(told.algorithm);
    hasher?.update(content);
    if (told !== undefined && hasher !== undefined && !isDigest(told, hasher.digest())) {
      throw new ConnectorError('transient', 'another hash than was told');
    }
  }
  if (/^text\/html/.test(download.mediaType ?? '') && !/html/.test(item.mediaType ?? item.name)) {
    throw new ConnectorError('transient', 'a page for browsers instead of the content');
  }
  return content;
}

/** What becomes of a promise that should fail: its error. @throws where it does not */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('It should have failed');
}

function dropBelow(world: Map<string, RemoteItem>, item: RemoteItem): void {
  for (const other of world.values()) {
    const isAt = other.id !== item.id && keyOf(other) === keyOf(item);
    if (isAt || keyOf(other).startsWith(`${keyOf(item)}/`)) world.delete(other.id);
  }
}

function drop(world: Map<string, RemoteItem>, event: SyncEvent & { type: 'delete' }): void {
  const meant =
    event.id === undefined ? [...world.values()].find((item) => keyOf(item) === event.pathKey) : world.get(event.id);
  const key = event.pathKey ?? (meant === undefined ? undefined : keyOf(meant));
  if (meant !== undefined) world.delete(meant.id);
  if (!event.subtree) return;
  for (const item of [...world.values()]) {
    const isBelow = key !== undefined && keyOf(item).startsWith(`${key}/`);
    if (isBelow || (meant !== undefined && hasAncestor(world, item, meant.id))) world.delete(item.id);
  }
}

function hasAncestor(world: ReadonlyMap<string, RemoteItem>, item: RemoteItem, ancestor: string): boolean {
  const visited = new Set<string>();
  for (let at: string | undefined = item.parentId; at !== undefined && !visited.has(at); at = world.get(at)?.parentId) {
    if (at === ancestor) return true;
    visited.add(at);
  }
  return false;
}

function keyOf(item: RemoteItem): string {
  return item.pathKey ?? item.path ?? `id:${item.id}`;
}
