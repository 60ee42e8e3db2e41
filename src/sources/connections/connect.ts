/** Connecting a source: by consent at its provider, or by keys. Nothing is kept before the place has said who we are there. */
import { writeSession } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Connector } from '../connector.ts';
import { checkedKeys } from '../source-input.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { tellWatchers } from '../watch/notice.ts';
import { OAUTH_CALLBACK } from './callback-path.ts';
import { type Connectable, type ConnectableSource, findSource, overAll, requireConnectable } from './connectable.ts';
import { markConnected } from './connection-status.ts';
import { type OpenOptions, openConnector } from './connector-context.ts';
import { consentUrl, exchangeCode, partyOf, revokeGrant, type Tokens } from './oauth-client.ts';
import { beginState, endState } from './oauth-states.ts';
import { asShownError } from './shown-error.ts';
import { type SourceSecret, writeSecret } from './source-secrets.ts';

export interface Account {
  readonly accountId: string;
  readonly displayName?: string | undefined;
}

/** Milliseconds that a place has to say who we are there. */
const CHECK_MS = 30_000;

/**
 * Where the actor consents, once, within ten minutes.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT where the connector takes keys, CONFIG_INVALID, RATE_LIMITED
 */
export async function startConnection(
  house: SourcesHouse,
  actor: Actor,
  asked: { readonly sourceId: string; readonly mayWrite: boolean; readonly baseUrl: string },
): Promise<{ readonly url: string; readonly expiresAt: Date }> {
  const redirectUri = asked.baseUrl + OAUTH_CALLBACK;
  const { source, connector } = await writeSession(house.database.write, actor, ({ query }) =>
    requireConnectable(house, query, actor, asked.sourceId),
  );
  const party = partyOf(house, requireSignIn(connector));
  const begun = await writeSession(house.database.write, overAll(actor), ({ query }) =>
    beginState(house, query, actor, source, redirectUri),
  );
  const { read, write = [] } = connector.scopes ?? { read: [] };
  const scopes = asked.mayWrite ? [...read, ...write] : read;
  const url = await consentUrl(house, party, { redirectUri, scopes, ...begun });
  return { url: url.href, expiresAt: begun.expiresAt };
}

function requireSignIn({ oauth, title }: Connector): string {
  if (oauth !== undefined) return oauth;
  throw new AppError('BAD_USER_INPUT', `${title} is not connected by signing in`, {
    hint: 'Connect it with its keys, if it has any.',
  });
}

/**
 * Ends what {@link startConnection} began: `search` is what the provider added to the redirect address.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN, CONFLICT for another account than before, and what the place says
 */
export async function finishConnection(
  house: SourcesHouse,
  actor: Actor | null,
  search: string,
): Promise<{ readonly source: ConnectableSource; readonly account: Account }> {
  const state = new URLSearchParams(search).get('state') ?? '';
  const { sourceId, verifier, redirectUri } = await endState(house, actor, state);
  // Whom a state lets pass is somebody.
  if (actor === null) throw new AppError('UNAUTHENTICATED', 'You are not signed in');
  const found = await writeSession(house.database.write, actor, ({ query }) =>
    requireConnectable(house, query, actor, sourceId),
  );
  const party = partyOf(house, requireSignIn(found.connector));
  const came = { address: new URL(search, redirectUri), state, verifier };
  const tokens = await exchangeCode(house, party, came).catch((thrown: unknown) => {
    throw asShownError(thrown);
  });
  try {
    const account = await checkWith(house, found, { auth: fixedTokens(tokens) });
    await keep(house, actor, found.source, { kind: 'oauth', tokens }, account);
    return { source: found.source, account };
  } catch (thrown) {
    // Nobody would ever end a grant that nothing here knows of.
    await revokeGrant(house, party, tokens).catch((err: unknown) =>
      house.log.warn({ err, sourceId }, 'a grant that is not kept could not be revoked'),
    );
    throw thrown;
  }
}

/**
 * Connects a source by its connector's keys; none where nothing has to open it.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT for keys that are missing or unknown, CONFLICT, and what the place says
 */
export async function connectWithKeys(
  house: SourcesHouse,
  actor: Actor,
  sourceId: string,
  given: Readonly<Record<string, unknown>>,
): Promise<Account> {
  const found = await writeSession(house.database.write, actor, ({ query }) =>
    requireConnectable(house, query, actor, sourceId),
  );
  const { oauth, title } = found.connector;
  if (oauth !== undefined) {
    throw new AppError('BAD_USER_INPUT', `${title} is connected by signing in`, { hint: 'Use startConnection.' });
  }
  const keys = checkedKeys(found.connector, given) ?? {};
  const account = await checkWith(house, found, { keys });
  await keep(house, actor, found.source, { kind: 'keys', keys }, account);
  return account;
}

async function checkWith(
  house: SourcesHouse,
  { source, connector }: Connectable,
  secrets: NonNullable<OpenOptions['secrets']>,
): Promise<Account> {
  try {
    return await connector.check(
      await openConnector(house, source, connector, AbortSignal.timeout(CHECK_MS), { secrets }),
    );
  } catch (thrown) {
    throw asShownError(thrown);
  }
}

const fixedTokens = ({ accessToken, expiresAt }: Tokens) => ({ get: async () => ({ accessToken, expiresAt }) });

async function keep(
  house: SourcesHouse,
  actor: Actor,
  { source_id: sourceId, name }: ConnectableSource,
  secret: SourceSecret,
  account: Account,
): Promise<void> {
  await writeSession(house.database.write, overAll(actor), async ({ query }) => {
    const source = await findSource(query, sourceId);
    if (source === undefined) throw new AppError('NOT_FOUND', `The source ${name} was deleted meanwhile`);
    // What was synced is of that account: under another everything would seem deleted.
    if (source.account_id !== null && source.account_id !== account.accountId) {
      const was = source.account_name ?? source.account_id;
      throw new AppError(
        'CONFLICT',
        `${name} is connected with ${was}, not with ${account.displayName ?? account.accountId}`,
        {
          hint: 'Connect it with the same account, or add a source for the other one.',
        },
      );
    }
    // Of a place that nothing opens there is nothing to seal.
    if (secret.kind === 'oauth' || Object.keys(secret.keys).length > 0)
      await writeSecret(query, house.keyring, source, secret);
    await markConnected(query, sourceId, account);
    await tellWatchers(query, source, 'dirty');
  });
}
