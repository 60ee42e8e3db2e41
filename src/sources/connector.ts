/**
 * The contract of connectors. A **connector** is the code for one kind of source, one file in `connectors/`, found by folder.
 * It speaks with the provider and with nothing else: it never touches the database, never waits out a limit, never tries
 * again. What it tells are events; everything before a `checkpoint` may be committed with that cursor in one transaction.
 */
import type { Static, TSchema } from 'typebox';
import type { Log } from '../kernel/log.ts';

/** Opaque to all but its connector: JSON with a version inside. */
export type Cursor = string;

export type HashAlgorithm = 'dropbox' | 'md5' | 'sha1' | 'sha256' | 'quickxor' | 'crc32c' | 'etag';

export interface ContentHash {
  readonly algorithm: HashAlgorithm;
  /** Whether it only looks like one: content that is another has to be met twice before it is believed. */
  readonly isSupposed?: boolean | undefined;
  /** As the provider writes it. */
  readonly value: string;
}

export type ItemKind = 'file' | 'folder' | 'native' | 'shortcut' | 'message' | 'page';

/** One remote thing, as a listing tells of it. */
export interface RemoteItem {
  /** Unique in its source and kept by renames where the place has such ids: else the path. */
  readonly id: string;
  readonly kind: ItemKind;
  /** As people see it; any characters. */
  readonly name: string;
  readonly parentId?: string | undefined;
  /** From the source's root, `/` between folders, none at its start, as people see it; absent where places have ids alone. */
  readonly path?: string | undefined;
  /** By which a delete names it, where names ignore case: the folded path. */
  readonly pathKey?: string | undefined;
  /** Changes whenever the content does: rev, etag, generation, time of the last edit. */
  readonly version: string;
  readonly hash?: ContentHash | undefined;
  /** Bytes. */
  readonly size?: number | undefined;
  readonly mediaType?: string | undefined;
  /** As the place tells it; may lie in the future. */
  readonly modifiedAt?: Date | undefined;
  /** Where people open it in a browser. */
  readonly url?: string | undefined;
  readonly author?: string | undefined;
  /** Whether there is content to download: false of folders. */
  readonly hasContent: boolean;
  /** Why there is no content where people would expect some, as a sentence: of a drawing, a form, a shortcut. */
  readonly skipped?: string | undefined;
}

export interface ItemRef {
  readonly id: string;
  readonly path?: string | undefined;
  /** The version that is meant: content of another one is refused with `conflict`. */
  readonly version?: string | undefined;
  readonly kind?: ItemKind | undefined;
  readonly mediaType?: string | undefined;
}

export type SyncEvent =
  /** `replacesSubtree`: whatever lay at and below the path is gone. */
  | { readonly type: 'upsert'; readonly item: RemoteItem; readonly replacesSubtree?: boolean }
  /** By id, or by path; with `subtree` everything below as well. What is not known is ignored. */
  | { readonly type: 'delete'; readonly id?: string; readonly pathKey?: string; readonly subtree: boolean }
  | { readonly type: 'item-error'; readonly ref: ItemRef; readonly error: ConnectorError }
  | { readonly type: 'checkpoint'; readonly cursor: Cursor }
  /** The cursor was of no use: what follows is a full listing. */
  | { readonly type: 'reset'; readonly reason: string }
  /**
   * The end of a pass. `full`: everything there is was told, so what was not is gone. `delta`: what changed was told, deletes
   * too. `partial`: some of it could not be listed; nothing may be concluded from silence.
   */
  | { readonly type: 'complete'; readonly cursor: Cursor; readonly coverage: 'full' | 'delta' | 'partial' };

export interface Capabilities {
  readonly changes: 'cursor' | 'timestamp' | 'listing';
  readonly deletes: 'by-id' | 'by-path-subtree' | 'sweep';
  /** What a rename looks like: the same id with another path, or one thing gone and another come. */
  readonly rename: 'same-id' | 'delete-create';
  readonly notify: 'webhook' | 'wait' | 'none';
  readonly hash: readonly HashAlgorithm[];
  readonly rangeDownload: boolean;
  readonly write: false | { readonly conditional: 'rev' | 'etag' | 'generation' | 'none' };
}

export const CONNECTOR_ERROR_KINDS = [
  'rate-limit',
  'transient',
  'auth-expired',
  'auth-revoked',
  'cursor-expired',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'quota',
  'config',
] as const;
export type ConnectorErrorKind = (typeof CONNECTOR_ERROR_KINDS)[number];

export interface ConnectorErrorDetails {
  readonly cause?: unknown;
  /** Milliseconds that the provider asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status. */
  readonly status?: number | undefined;
  readonly hint?: string | undefined;
}

/** What a connector throws: its kind decides whether the run waits, asks for a new token, skips one item or ends. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly kind: ConnectorErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly hint: string | undefined;

  constructor(kind: ConnectorErrorKind, message: string, details: ConnectorErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
    this.hint = details.hint;
  }
}

/** Gives what opens the place. `rejected` is a token that the place has just refused: it is never given again. */
export interface TokenSource {
  readonly get: (options?: {
    readonly rejected?: string;
  }) => Promise<{ readonly accessToken: string; readonly expiresAt?: Date | undefined }>;
}

/** What every call of a connector is given. */
export interface ConnectorContext<Settings = unknown> {
  readonly settings: Settings;
  /** Of connectors that sign in by OAuth. */
  readonly auth: TokenSource;
  /** Static keys as the connector's `keys` declares them; empty where it has none. */
  readonly keys: Readonly<Record<string, string>>;
  /** The only way out: guarded against private addresses, timed out, and pointed elsewhere by settings and tests. */
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The folders of this machine that a source may lie in, absolute: those of CAIRN_IMPORT_ROOTS. Without them there are none. */
  readonly importRoots?: readonly string[] | undefined;
}

export interface Download {
  /** Ends with an error where the connection does: never short and silent. */
  readonly body: ReadableStream<Uint8Array>;
  readonly mediaType?: string | undefined;
  /** Bytes of the whole item, not of what is left of it. */
  readonly size?: number | undefined;
  readonly version?: string | undefined;
  /** Of the whole item; whoever reads to the end compares. */
  readonly hash?: ContentHash | undefined;
  /** The file name to read it by, where the content is another format than the item's name says (a Doc as Markdown). */
  readonly name?: string | undefined;
  /** Absolute: the content is this file of our own machine, read where it lies instead of through `body`, which is given up. */
  readonly file?: string | undefined;
}

export interface UploadRequest {
  /** From the source's root. */
  readonly path: string;
  readonly size: number;
  readonly mediaType?: string | undefined;
  /** The bytes from `offset` on; may be called again. */
  readonly open: (offset: number) => ReadableStream<Uint8Array>;
  /** The version that it replaces; null: there must be none; 'any': whatever is there. */
  readonly replaces: string | null | 'any';
  /** What `onProgress` last told of this upload, to go on from there. */
  readonly resume?: string | undefined;
  readonly onProgress?: ((resume: string, bytes: number) => Promise<void>) | undefined;
}

/** A webhook's call: whose source is dirty, and what to answer. */
export interface ReceivedHook {
  /** What the sources' `accountId` or hook id is compared with; empty: none is meant, or it was a handshake. */
  readonly dirty: readonly string[];
  readonly status: number;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  /** Of an unsigned handshake: the secret that would sign later calls, for a person to compare and to enter. Never believed. */
  readonly offeredSecret?: string | undefined;
}

export interface IncomingHook {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Exactly as it came: signatures are over these bytes. */
  readonly body: Uint8Array;
}

/** Whose calls are believed where the provider signs them in an account's name, as the hub's settings say. */
export interface HookCaller {
  /** Its e-mail, in lower case. */
  readonly account: string;
  /** Our own address, for which the calls are signed. */
  readonly audience: string;
  /** The hub's way out: to ask for the provider's certificates. */
  readonly fetch: typeof globalThis.fetch;
}

export interface Webhooks<Settings> {
  /**
   * `secret` is what signs the calls, as `keys` or the provider's registry has it; where the settings name a `caller`, it is the
   * caller's signature that counts, for providers that make one.
   * @throws ConnectorError transient where the call cannot be checked now: the provider tries again
   */
  receive(hook: IncomingHook, secret: string, caller?: HookCaller): Promise<ReceivedHook>;
  /** Asks the provider to call `url`, where that is asked for source by source; renewed before `expiresAt`. */
  register?(
    context: ConnectorContext<Settings>,
    hook: { readonly url: string; readonly secret: string; readonly state: string | null },
  ): Promise<{ readonly state: string; readonly expiresAt?: Date | undefined }>;
  unregister?(context: ConnectorContext<Settings>, state: string): Promise<void>;
}

export interface KeyDeclaration {
  readonly title: string;
  readonly description: string;
  readonly isOptional?: boolean;
}

/**
 * One kind of source; the default export of `connectors/<id>.ts`. Written as methods, so that the registry can hold connectors
 * of different settings: each is given settings that its own schema has passed.
 */
export interface Connector<Schema extends TSchema = TSchema> {
  /** Such as `dropbox`: the source_type. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly capabilities: Capabilities;
  /** What a source of this kind may be set to; every value has a title, a description and a default where it may be left out. */
  readonly settings: Schema;
  /** OAuth by this provider of the registry; undefined where keys open it, or nothing has to. */
  readonly oauth?: string | undefined;
  /** The scopes that reading needs, and those that writing needs beside them. */
  readonly scopes?: { readonly read: readonly string[]; readonly write?: readonly string[] } | undefined;
  /** Static secrets by name, such as `secretAccessKey`: sealed, never shown. */
  readonly keys?: Readonly<Record<string, KeyDeclaration>> | undefined;
  /** Asks the place who we are. @throws ConnectorError */
  check(context: ConnectorContext<Static<Schema>>): Promise<{
    readonly accountId: string;
    readonly displayName?: string | undefined;
  }>;
  /**
   * What there is (`cursor` null), or what changed since. Limits, expired tokens and faults of the place are thrown; those of
   * one item are told.
   */
  listChanges(cursor: Cursor | null, context: ConnectorContext<Static<Schema>>): AsyncIterable<SyncEvent>;
  /** @throws ConnectorError; an `offset` is only asked for where `rangeDownload` is true */
  download(
    ref: ItemRef,
    options: { readonly offset?: number | undefined },
    context: ConnectorContext<Static<Schema>>,
  ): Promise<Download>;
  upload?(request: UploadRequest, context: ConnectorContext<Static<Schema>>): Promise<RemoteItem>;
  remove?(ref: ItemRef, context: ConnectorContext<Static<Schema>>): Promise<void>;
  /** Resolves when something has changed, or after a while; `backoffMs`: ask again no sooner. */
  waitForChanges?(
    cursor: Cursor,
    context: ConnectorContext<Static<Schema>>,
  ): Promise<{ readonly changed: boolean; readonly backoffMs?: number | undefined }>;
  readonly webhooks?: Webhooks<Static<Schema>> | undefined;
}

/** Declares a connector; the default export of its file. The registry checks what types cannot. */
export function defineConnector<Schema extends TSchema>(connector: Connector<Schema>): Connector<Schema> {
  return connector;
}
