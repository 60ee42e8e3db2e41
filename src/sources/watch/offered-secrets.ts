/**
 * Secrets that providers offer in the handshake of a new webhook (Notion's verification token). The handshake is signed by nobody:
 * what is offered is believed by nothing here, but kept for an admin to see, once, within an hour, and to enter at the provider.
 */
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SealedPlace } from '../../kernel/keyring.ts';
import type { SourcesHouse } from '../sources-house.ts';

/** Of anybody's: longer ones are no provider's. */
const LONGEST = 500;
const HOUR = "interval '1 hour'";

const placeOf = (connector: string): SealedPlace => ({
  table: 'offered_secrets',
  row: connector,
  column: 'sealed_secret',
  owner: 'hub',
});

/** Keeps the latest of a connector. */
export async function keepOffered(
  { database, keyring, log }: Pick<SourcesHouse, 'database' | 'keyring' | 'log'>,
  connector: string,
  secret: string,
): Promise<void> {
  if (secret.length > LONGEST || !/^[\x21-\x7e]+$/.test(secret)) return;
  const sealed = await keyring.seal(secret, placeOf(connector));
  await writeSession(database.write, HOUSEKEEPER, ({ query }) =>
    query(
      'offered secret keep',
      `INSERT INTO offered_secrets (connector, sealed_secret) VALUES ($1, $2)
       ON CONFLICT (connector) DO UPDATE SET sealed_secret = excluded.sealed_secret, offered_at = now()`,
      [connector, sealed],
    ),
  );
  log.info(
    { connector },
    'a webhook offers its secret: an admin sees it once, by takeOfferedSecret or cairn sources offered',
  );
}

export interface OfferedSecret {
  readonly secret: string;
  readonly offeredAt: Date;
}

/** What was offered last, which is then forgotten; null where nothing was within the hour. @throws AppError SECRET_UNREADABLE */
export async function takeOffered(
  { keyring }: Pick<SourcesHouse, 'keyring'>,
  query: Query,
  connector: string,
): Promise<OfferedSecret | null> {
  const [row] = await query<{ sealed_secret: string; offered_at: Date; is_fresh: boolean }>(
    'offered secret take',
    `DELETE FROM offered_secrets WHERE connector = $1
     RETURNING sealed_secret, offered_at, offered_at > now() - ${HOUR} AS is_fresh`,
    [connector],
  );
  if (row === undefined || !row.is_fresh) return null;
  return { secret: await keyring.open(row.sealed_secret, placeOf(connector)), offeredAt: row.offered_at };
}
