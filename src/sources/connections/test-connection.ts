/** Asking a place whether it still knows us. */
import { readSession, writeSession } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { ConnectorError } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import type { Account } from './connect.ts';
import { type Connectable, overAll, requireConnectable } from './connectable.ts';
import { markConnected, markFault, markNeedsReauth } from './connection-status.ts';
import { openConnector } from './connector-context.ts';
import { asShownError } from './shown-error.ts';

export type Tested =
  | { readonly isReachable: true; readonly account: Account }
  | { readonly isReachable: false; readonly error: AppError };

const TEST_MS = 30_000;

/**
 * Tests the connection of a source, and writes down what came of it.
 * @throws AppError NOT_FOUND, FORBIDDEN; what the place says is told
 */
export async function testConnection(house: SourcesHouse, actor: Actor, sourceId: string): Promise<Tested> {
  const { database } = house;
  const found = await readSession(database.read, actor, (query) => requireConnectable(house, query, actor, sourceId));
  try {
    const account = await check(house, found);
    if (found.source.connection_status !== 'connected')
      await writeSession(database.write, overAll(actor), ({ query }) => markConnected(query, sourceId, account));
    return { isReachable: true, account };
  } catch (thrown) {
    const error = asShownError(thrown);
    if (!(error instanceof AppError) || error.kind === 'bug') throw thrown;
    await writeSession(database.write, overAll(actor), async ({ query }) => {
      if (thrown instanceof ConnectorError && thrown.kind === 'auth-revoked')
        await markNeedsReauth(query, sourceId, thrown);
      // That it does not answer at the moment is no fault of the connection.
      else if (error.kind !== 'transient' && error.code !== 'RATE_LIMITED') await markFault(query, sourceId, error);
    });
    return { isReachable: false, error };
  }
}

async function check(house: SourcesHouse, { source, connector }: Connectable): Promise<Account> {
  const context = await openConnector(house, source, connector, AbortSignal.timeout(TEST_MS));
  const account = await connector.check(context);
  if (source.account_id === null || source.account_id === account.accountId) return account;
  throw new AppError('CONFLICT', `${source.name} opens another account than the one that was connected`, {
    hint: 'Connect it again.',
  });
}
