import { expect, test } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import { HOUSEKEEPER } from '../../../src/kernel/actor.ts';
import { openKeyring } from '../../../src/kernel/keyring.ts';
import { requireKeys } from '../../../src/sources/connections/require-keys.ts';
import { rotateKeys } from '../../../src/sources/connections/rotate-keys.ts';
import { readSecret, writeSecret } from '../../../src/sources/connections/source-secrets.ts';
import { addWebhook } from '../../../src/sources/webhooks/webhooks.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { seedSource } from '../../support/sources.ts';
import { useSourcesHouse } from '../../support/sources-house.ts';

const database = await useTestDatabase();
const house = await useSourcesHouse(database, { url: 'http://127.0.0.1:1' });
const key = (id: string) => ({ id, key: Buffer.alloc(32, id) });
const former = openKeyring([key('k1')], '/nowhere');
const both = openKeyring([key('k2'), key('k1')], '/nowhere');
const latter = openKeyring([key('k2')], '/nowhere');

test('everything is sealed anew, once, and opens with the new key alone; a start without a key that is used says which', async () => {
  const sources = await Promise.all(
    Array.from({ length: 60 }, async () => ({ source_id: await seedSource(database.owner), owner_id: 'hub' })),
  );
  await writeSession(database.write, HOUSEKEEPER, async ({ query }) => {
    for (const source of sources)
      await writeSecret(query, former, source, { kind: 'keys', keys: { of: source.source_id } });
  });
  await writeSession(database.write, TESTER, ({ query }) =>
    addWebhook(query, { ...house, keyring: former }, TESTER, { url: 'https://example.org/', events: ['sync.failed'] }),
  );
  await requireKeys({ database, keyring: both });
  await expect(requireKeys({ database, keyring: latter })).rejects.toThrow('keys that are not here: k1');
  await expect(rotateKeys({ database, keyring: latter })).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
  expect(await rotateKeys({ database, keyring: both })).toEqual({ keyId: 'k2', count: 61 });
  expect(await rotateKeys({ database, keyring: both })).toEqual({ keyId: 'k2', count: 0 });
  await requireKeys({ database, keyring: latter });
  const [, source] = sources;
  if (source === undefined) throw new Error('no source');
  const secret = await writeSession(database.write, HOUSEKEEPER, ({ query }) =>
    readSecret(query, latter, source, 'look'),
  );
  expect(secret).toEqual({ kind: 'keys', keys: { of: source.source_id } });
});
