/** A start without the keys of what is sealed would fail later, one source at a time. */
import { readSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';

/** @throws AppError CONFIG_INVALID naming the keys that are missing */
export async function requireKeys({ database, keyring }: Pick<SourcesHouse, 'database' | 'keyring'>): Promise<void> {
  const used = await readSession(database.read, HOUSEKEEPER, (query) =>
    query<{ key_id: string }>(
      'keys in use',
      `SELECT key_id FROM source_secrets
        UNION
       SELECT split_part(sealed_secret, '.', 2) FROM webhook_endpoints
        UNION
       SELECT split_part(hook_state, '.', 2) FROM source_states WHERE hook_state IS NOT NULL
        ORDER BY key_id`,
    ),
  );
  await keyring.requireKnown(used.map(({ key_id: id }) => id));
}
