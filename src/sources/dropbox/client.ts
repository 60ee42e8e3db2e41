/** The SDK as this connector uses it: one token at a time, no refresh and no retry of its own, and the account's own root. */
import type { Dropbox } from 'dropbox';
import type { ConnectorContext, TokenSource } from '../connector.ts';
import { thrownError } from './errors.ts';
import type { DropboxSettings } from './settings.ts';

export type DropboxContext = ConnectorContext<DropboxSettings>;

export interface DropboxClient {
  readonly sdk: Dropbox;
  readonly accessToken: string;
  /** The header Dropbox-API-Path-Root, where paths do not start in the member's own folder. */
  readonly pathRoot: string | undefined;
}

/**
 * A client with the token of this moment: it is opened for every request, since listings outlive tokens.
 * @throws ConnectorError
 */
export async function openClient(context: DropboxContext): Promise<DropboxClient> {
  const { accessToken } = await context.auth.get();
  const pathRoot = await pathRootOf(context);
  return { sdk: await openSdk(context, accessToken, pathRoot), accessToken, pathRoot };
}

/** Runs a request. @throws ConnectorError for whatever Dropbox or the way to it has to say */
export async function ask<T>(
  context: DropboxContext,
  request: (client: DropboxClient) => Promise<{ readonly result: T }>,
): Promise<T> {
  try {
    return (await request(await openClient(context))).result;
  } catch (thrown) {
    throw thrownError(thrown, context.signal);
  }
}

/** JSON that a header may hold. */
export function headerJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function openSdk(context: DropboxContext, accessToken: string, pathRoot: string | undefined): Promise<Dropbox> {
  const { Dropbox } = await import('dropbox');
  return new Dropbox({ accessToken, fetch: context.fetch, ...(pathRoot === undefined ? {} : { pathRoot }) });
}

/** Asked once for each run: the root of an account changes when it joins or leaves a team, which ends its tokens' rights too. */
const rootsOfRuns = new WeakMap<TokenSource, Promise<string | undefined>>();

async function pathRootOf(context: DropboxContext): Promise<string | undefined> {
  const { namespaceId = '', space = 'all' } = context.settings;
  if (namespaceId !== '') return JSON.stringify({ '.tag': 'namespace_id', namespace_id: namespaceId });
  if (space === 'own') return undefined;
  const known = rootsOfRuns.get(context.auth) ?? teamRoot(context);
  rootsOfRuns.set(context.auth, known);
  try {
    return await known;
  } catch (thrown) {
    rootsOfRuns.delete(context.auth);
    throw thrownError(thrown, context.signal);
  }
}

/** Undefined where the account's root is the member's own folder. */
async function teamRoot(context: DropboxContext): Promise<string | undefined> {
  const { accessToken } = await context.auth.get();
  const sdk = await openSdk(context, accessToken, undefined);
  const { root_info: root } = (await sdk.usersGetCurrentAccount({ signal: context.signal })).result;
  if (root.root_namespace_id === root.home_namespace_id) return undefined;
  return JSON.stringify({ '.tag': 'root', root: root.root_namespace_id });
}
