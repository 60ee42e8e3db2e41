/** What the conformance suite and the engine's tests ask of a provider's loopback fake: a world, and faults on demand. */
import type { ConnectorContext } from '../../src/sources/connector.ts';

/** Where a fault strikes. */
export type FaultPoint = 'list' | 'download' | 'upload' | 'any';

export type ProviderFault =
  /** Answers with the provider's own limit answer, `retryAfter` seconds long. */
  | { readonly kind: 'rate-limit'; readonly retryAfter: number }
  | { readonly kind: 'server-error'; readonly status: number }
  /** The connection ends after so many bytes of the answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Other bytes than those of the item, under its hash and size. */
  | { readonly kind: 'lie' }
  /** An HTML page where content was asked for, with status 200. */
  | { readonly kind: 'html' }
  /** The token is refused; a new one opens the place. */
  | { readonly kind: 'expired-token' }
  /** The grant is gone: every token is refused until the fake is told otherwise. */
  | { readonly kind: 'revoked-token' }
  /** The next delta's cursor is answered as the provider answers one that is too old. */
  | { readonly kind: 'cursor-lost' }
  /** The next page is sent twice. */
  | { readonly kind: 'duplicate-page' }
  /** The next-page token never changes. */
  | { readonly kind: 'repeat-for-ever' };

export interface ProviderPlace {
  /** Complete but for `signal`; `fetch` leads every address of the provider to the fake. */
  readonly context: (signal?: AbortSignal) => ConnectorContext;
  /** The provider's hosts and where the fake stands for them, as the setting CAIRN_OUTBOUND_ROUTES takes them. */
  readonly routes: Readonly<Record<string, string>>;
  /** Creates or replaces what people see at the path, and returns its id. Folders of the path are made. */
  readonly put: (path: string, content: string | Uint8Array) => Promise<string>;
  /** With everything below it. */
  readonly remove: (path: string) => Promise<void>;
  /** Undefined where the place knows no renames. */
  readonly move?: ((from: string, to: string) => Promise<void>) | undefined;
  /** The next `times` requests (1 unless said) of this kind meet the fault. */
  readonly fault: (point: FaultPoint, fault: ProviderFault, times?: number) => void;
  readonly heal: () => void;
  /** How many requests of this kind were answered so far. */
  readonly requests: (point: FaultPoint) => number;
  /** Whether deletes are told in deltas, renames keep ids and so on is read from the connector's capabilities. */
  readonly close: () => Promise<void>;
}

/** The default export of `test/support/providers/<connector id>.ts`. `pageSize`: so many entries on one page of a listing. */
export interface ProviderFake {
  readonly connector: string;
  /** Faults that this provider has no way to make, each with the reason. */
  readonly impossible?: Readonly<Partial<Record<ProviderFault['kind'], string>>>;
  readonly open: (options?: { readonly pageSize?: number }) => Promise<ProviderPlace>;
}
