/** A place in memory with a connector of its own: what it tells and how it fails is up to the test. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { silentLog } from '../../src/kernel/log.ts';
import {
  type Capabilities,
  type Connector,
  type ConnectorContext,
  ConnectorError,
  type Download,
  defineConnector,
  type ItemRef,
  type RemoteItem,
  type SyncEvent,
} from '../../src/sources/connector.ts';

export interface PlacedFile {
  readonly id: string;
  readonly path: string;
  readonly content: Buffer;
  readonly version: string;
  readonly extra?: Partial<RemoteItem> | undefined;
}

export interface ScriptedPlace {
  readonly connector: Connector;
  readonly context: (signal: AbortSignal) => ConnectorContext;
  readonly put: (path: string, content: string | Buffer, extra?: Partial<RemoteItem>) => void;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
  readonly files: () => readonly PlacedFile[];
  /** Fetched since it was last asked. */
  readonly downloads: () => string[];
  /** Stands before every event of a listing, and may throw or change it. */
  onEvent: ((event: SyncEvent, place: number) => SyncEvent | readonly SyncEvent[]) | undefined;
  onDownload: ((ref: ItemRef, download: Download, offset: number) => Promise<Download> | Download) | undefined;
  /** Forgets what it knows of cursors. */
  loseCursors: () => void;
  /** How its next listings end. */
  coverage: 'full' | 'delta' | 'partial' | undefined;
}

export interface PlaceOptions {
  readonly capabilities?: Partial<Capabilities>;
  /** Events between two checkpoints. */
  readonly pageSize?: number;
}

interface Change {
  readonly at: number;
  readonly event: SyncEvent;
}

/** A place that keeps ids unless told otherwise, tells deltas by cursor, and deletes by path. */
export function scriptedPlace({ capabilities = {}, pageSize = 3 }: PlaceOptions = {}): ScriptedPlace {
  const own: Capabilities = {
    changes: 'cursor',
    deletes: 'by-path-subtree',
    rename: 'same-id',
    notify: 'none',
    hash: ['sha256'],
    rangeDownload: true,
    write: false,
    ...capabilities,
  };
  const keepsIds = own.rename === 'same-id';
  const files = new Map<string, PlacedFile>();
  const log: Change[] = [];
  let clock = 0;
  let ids = 0;
  let oldest = 0;
  let fetched: string[] = [];

  const itemOf = ({ id, path, content, version, extra }: PlacedFile): RemoteItem => ({
    ...{
      id,
      kind: 'file',
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      version,
      size: content.length,
      hasContent: true,
    },
    ...(own.hash.includes('sha256') && { hash: { algorithm: 'sha256', value: hashOf(content) } }),
    ...extra,
  });
  const tell = (event: SyncEvent): void => {
    clock += 1;
    log.push({ at: clock, event });
  };
  const put = (file: PlacedFile): void => {
    files.set(file.path, file);
    tell({ type: 'upsert', item: itemOf(file) });
  };

  const place: ScriptedPlace = {
    connector: defineConnector({
      ...{
        id: 'scripted',
        title: 'Scripted',
        description: 'A place in memory.',
        capabilities: own,
        settings: Type.Object({}),
      },
      check: async () => ({ accountId: 'me' }),
      async *listChanges(cursor) {
        let count = 0;
        for (const event of eventsFrom(cursor)) {
          const told = place.onEvent?.(event, count) ?? event;
          count += 1;
          if (Array.isArray(told)) yield* told;
          else if ('type' in told) yield told;
        }
      },
      async download(ref, { offset = 0 }) {
        const file = [...files.values()].find(({ id }) => id === ref.id);
        if (file === undefined) throw new ConnectorError('not-found', 'It is gone');
        fetched.push(file.path);
        const download = {
          body: streamOf(file.content.subarray(offset)),
          size: file.content.length,
          version: file.version,
        };
        return (await place.onDownload?.(ref, download, offset)) ?? download;
      },
    }),
    context: (signal) => ({
      ...{ settings: {}, keys: {}, signal, log: silentLog(), fetch: globalThis.fetch },
      auth: { get: async () => ({ accessToken: 'token' }) },
    }),
    put: (path, content, extra) => {
      const bytes = Buffer.from(content);
      const known = files.get(path);
      clock += 1;
      ids += 1;
      const id = keepsIds ? (known?.id ?? `id:${ids}`) : path;
      put({ id, path, content: bytes, version: keepsIds ? `v${clock}` : hashOf(bytes), extra });
    },
    remove: (path) => {
      for (const one of files.keys()) if (one === path || one.startsWith(`${path}/`)) files.delete(one);
      tell({ type: 'delete', pathKey: path, subtree: true });
    },
    move: (from, to) => {
      const file = files.get(from);
      if (file === undefined) throw new Error(`There is no ${from}`);
      files.delete(from);
      tell({ type: 'delete', pathKey: from, subtree: true });
      put({ ...file, path: to, id: keepsIds ? file.id : to });
    },
    files: () => [...files.values()],
    downloads: () => {
      const told = fetched;
      fetched = [];
      return told;
    },
    ...{ onEvent: undefined, onDownload: undefined, coverage: undefined },
    loseCursors: () => {
      oldest = clock + 1;
    },
  };
  return place;

  function* eventsFrom(cursor: string | null): Generator<SyncEvent> {
    const [phase = 'full', at = '0', since = '0'] = cursor?.split(':') ?? ['full', '0', String(clock)];
    if (cursor !== null && Number(since) < oldest && own.changes === 'cursor') {
      yield { type: 'reset', reason: 'the cursor is too old' };
      yield* fullFrom(0, clock);
      return;
    }
    if (phase === 'full' || own.changes === 'listing') yield* fullFrom(Number(at), Number(since));
    else yield* deltaFrom(Number(since));
  }

  function* fullFrom(from: number, since: number): Generator<SyncEvent> {
    const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const [index, file] of sorted.entries()) {
      if (index < from) continue;
      yield { type: 'upsert', item: itemOf(file) };
      if ((index + 1) % pageSize === 0) yield { type: 'checkpoint', cursor: `full:${index + 1}:${since}` };
    }
    const cursor = own.changes === 'listing' ? `full:0:${since}` : `delta:0:${since}`;
    yield { type: 'complete', cursor, coverage: place.coverage ?? 'full' };
  }

  function* deltaFrom(since: number): Generator<SyncEvent> {
    for (const [index, { at, event }] of log.filter((change) => change.at > since).entries()) {
      yield event;
      if ((index + 1) % pageSize === 0) yield { type: 'checkpoint', cursor: `delta:0:${at}` };
    }
    yield { type: 'complete', cursor: `delta:0:${clock}`, coverage: place.coverage ?? 'delta' };
  }
}

export const hashOf = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

export function streamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  return new Blob([new Uint8Array(bytes)]).stream();
}
