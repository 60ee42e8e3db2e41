/** The SDK as this connector asks it. */
import type { gmail_v1 } from '@googleapis/gmail';
import { type ConnectorContext, ConnectorError } from '../../connector.ts';
import { authOf, callOptions, dataOf, withToken } from '../token.ts';
import type { GmailSettings } from './settings.ts';

export type GmailContext = ConnectorContext<GmailSettings>;

export const PROVIDER = 'Gmail';

type Options = ReturnType<typeof callOptions>;

/** One request. @throws ConnectorError for whatever Gmail or the way to it has to say */
export function ask<T>(
  context: GmailContext,
  request: (users: gmail_v1.Resource$Users, options: Options) => Promise<{ readonly data: T }>,
): Promise<T> {
  return withToken(context, PROVIDER, async (accessToken) => {
    const [{ gmail }, auth] = await Promise.all([import('@googleapis/gmail'), authOf(context, accessToken)]);
    return dataOf(await request(gmail({ version: 'v1', auth }).users, callOptions(context)), PROVIDER);
  });
}

export interface Mailbox {
  /** The account’s address, folded. */
  readonly accountId: string;
  readonly address: string;
  /** Where its history stands now. */
  readonly historyId: string;
}

/** @throws ConnectorError config where the account has no mailbox, or it is switched off */
export async function mailboxOf(context: GmailContext): Promise<Mailbox> {
  const profile = await ask(context, (users, options) => users.getProfile({ userId: 'me' }, options));
  const { emailAddress: address, historyId } = profile;
  if (!address || !historyId) throw new ConnectorError('transient', `${PROVIDER} does not say whose it is`);
  return { accountId: address.toLowerCase(), address, historyId };
}

/** Whether a message is not there any more, rather than the whole mailbox. */
export function isGone(thrown: unknown): thrown is ConnectorError {
  return thrown instanceof ConnectorError && thrown.kind === 'not-found';
}
