import { beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../../src/kernel/actor.ts';
import { connectWithKeys, finishConnection, startConnection } from '../../../src/sources/connections/connect.ts';
import { openConnector } from '../../../src/sources/connections/connector-context.ts';
import { disconnectSource } from '../../../src/sources/connections/disconnect.ts';
import { rememberGrant } from '../../../src/sources/connections/let-go.ts';
import { testConnection } from '../../../src/sources/connections/test-connection.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { useOauthFake } from '../../support/oauth-provider.ts';
import { seedSource } from '../../support/sources.ts';
import { keyConnector, oauthConnector, useSourcesHouse } from '../../support/sources-house.ts';

const database = await useTestDatabase();
const fake = await useOauthFake();
const connectors = [
  ...(['dropbox', 'google', 'microsoft', 'slack', 'notion'] as const).map((id) => oauthConnector(id, fake.url)),
  keyConnector(fake.url),
  { ...keyConnector('http://169.254.169.254'), id: 'metadata' },
];
const house = await useSourcesHouse(database, { url: fake.url, connectors });

beforeEach(() => fake.behave({}));

const ANNA: Actor = {
  kind: 'user',
  label: 'user:anna@example.org',
  role: 'editor',
  credential: {
    kind: 'session',
    id: '01900000-0000-7000-8000-000000000001',
    userId: '01900000-0000-7000-8000-00000000000a',
    expiresAt: null,
  },
};
const BERT: Actor = {
  ...ANNA,
  label: 'user:bert@example.org',
  credential: {
    kind: 'session',
    id: '01900000-0000-7000-8000-000000000002',
    userId: '01900000-0000-7000-8000-00000000000b',
    expiresAt: null,
  },
};
const OF_ANNA = {
  owner_id: 'user:01900000-0000-7000-8000-00000000000a',
  owner_label: ANNA.label,
  owner_role: 'editor',
};

const seed = (source_type: string, given = {}): Promise<string> =>
  seedSource(database.owner, { source_type, connection_status: 'pending', ...given });
const begin = (sourceId: string, actor = TESTER, mayWrite = false) =>
  startConnection(house, actor, { sourceId, mayWrite, baseUrl: 'https://cairn.example.org' });
const lineOf = async (sourceId: string) =>
  (await database.owner.query('SELECT * FROM data_sources WHERE source_id = $1', [sourceId])).rows[0];
const contextOf = async (sourceId: string) => {
  const line = await lineOf(sourceId);
  const connector = connectors.find(({ id }) => id === line.source_type);
  if (connector === undefined) throw new Error('no connector');
  return openConnector(house, line, connector, AbortSignal.timeout(5_000));
};

test.each(['dropbox', 'google', 'microsoft', 'slack', 'notion'] as const)(
  'somebody consents at %s, and the source is connected with their account',
  async (provider) => {
    const sourceId = await seed(provider);
    const { url } = await begin(sourceId);
    const asked = new URL(url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'us',
      response_type: 'code',
      redirect_uri: 'https://cairn.example.org/oauth/callback',
      code_challenge_method: 'S256',
    });
    expect(url).not.toContain('our-client-secret');
    const { source, account } = await finishConnection(house, TESTER, new URL(fake.consent(url)).search);
    expect([source.source_id, account.accountId]).toEqual([sourceId, 'anna']);
    expect(await lineOf(sourceId)).toMatchObject({
      connection_status: 'connected',
      account_id: 'anna',
      account_name: `anna (${provider})`,
    });
    const { auth } = await contextOf(sourceId);
    expect(fake.opens((await auth.get()).accessToken)).toBe(true);
    const { rows } = await database.owner.query(
      'SELECT sealed, row_to_json(s)::text AS line FROM source_secrets s WHERE source_id = $1',
      [sourceId],
    );
    expect(rows[0].sealed).toMatch(/^v1\./);
    expect(rows[0].line).not.toMatch(/access-|refresh-/);
    expect(
      (await database.owner.query('SELECT dirty_at FROM source_states WHERE source_id = $1', [sourceId])).rows[0]
        .dirty_at,
    ).toBeInstanceOf(Date);
  },
);

test('each provider is asked in its own way', async () => {
  const urlOf = async (provider: string, mayWrite = false): Promise<URLSearchParams> =>
    new URL((await begin(await seed(provider), TESTER, mayWrite)).url).searchParams;
  expect((await urlOf('dropbox')).get('token_access_type')).toBe('offline');
  expect((await urlOf('dropbox', true)).get('scope')).toBe('read.a read.b write.a');
  expect(Object.fromEntries(await urlOf('google'))).toMatchObject({ access_type: 'offline', prompt: 'consent' });
  expect((await urlOf('microsoft')).get('scope')).toBe('read.a read.b offline_access');
  expect((await urlOf('slack')).get('scope')).toBe('read.a,read.b');
  expect(Object.fromEntries(await urlOf('notion'))).toMatchObject({ owner: 'user' });
  expect((await urlOf('notion')).has('scope')).toBe(false);
});

test('a state opens once, for whoever began it alone, and for ten minutes', async () => {
  const sourceId = await seed('dropbox', OF_ANNA);
  const back = new URL(fake.consent((await begin(sourceId, ANNA)).url)).search;
  // Somebody who was led to consent for Anna, somebody who is not signed in, and a guess.
  await expect(finishConnection(house, BERT, back)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(finishConnection(house, TESTER, back)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(finishConnection(house, null, back)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(finishConnection(house, ANNA, '?code=1&state=guess')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await finishConnection(house, ANNA, back);
  await expect(finishConnection(house, ANNA, back)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

  const late = new URL(fake.consent((await begin(sourceId, ANNA)).url)).search;
  await database.owner.query("UPDATE oauth_states SET expires_at = now() - interval '1 second'");
  await expect(finishConnection(house, ANNA, late)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('of two who come back at once with one state, one is let in; what is kept of a state is its hash', async () => {
  const sourceId = await seed('dropbox');
  const { url } = await begin(sourceId);
  const { rows } = await database.owner.query(
    'SELECT row_to_json(s)::text AS line FROM oauth_states s WHERE source_id = $1',
    [sourceId],
  );
  expect(rows[0].line).not.toContain(new URL(url).searchParams.get('state'));
  const back = new URL(fake.consent(url)).search;
  const both = await Promise.allSettled([finishConnection(house, TESTER, back), finishConnection(house, TESTER, back)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('nobody else begins a connection for a private source, and of a shared one its owner and administrators do', async () => {
  const mine = await seed('dropbox', OF_ANNA);
  await expect(begin(mine, BERT)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const shared = await seed('dropbox', { ...OF_ANNA, is_shared: true });
  await expect(begin(shared, BERT)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await begin(shared, TESTER);
});

test('a consent that was refused, an answer that is not ours, a provider that fails: nothing is kept', async () => {
  const sourceId = await seed('dropbox');
  const refused = fake.consent((await begin(sourceId)).url, { error: 'access_denied' });
  await expect(finishConnection(house, TESTER, new URL(refused).search)).rejects.toThrow('(access_denied)');
  const forged = fake.consent((await begin(sourceId)).url, { code: 'another' });
  await expect(finishConnection(house, TESTER, new URL(forged).search)).rejects.toMatchObject({ code: 'NEEDS_REAUTH' });
  const failing = fake.consent((await begin(sourceId)).url);
  fake.behave({ failure: { status: 500, body: 'down' } });
  await expect(finishConnection(house, TESTER, new URL(failing).search)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
  });
  expect((await lineOf(sourceId)).connection_status).toBe('pending');
  expect((await database.owner.query('SELECT FROM source_secrets WHERE source_id = $1', [sourceId])).rowCount).toBe(0);
});

test('another account than before is refused, and its grant is ended at once', async () => {
  const sourceId = await seed('dropbox');
  await finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  fake.behave({ account: 'bert' });
  const before = fake.revoked().length;
  const again = finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(fake.revoked()).toHaveLength(before + 1);
  expect((await lineOf(sourceId)).account_id).toBe('anna');
});

test('disconnecting ends the grant at the provider, forgets the tokens, and keeps the account', async () => {
  const sourceId = await seed('dropbox');
  await finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  const { accessToken } = await (await contextOf(sourceId)).auth.get();
  expect(await disconnectSource(house, TESTER, sourceId)).toBe(true);
  expect(fake.revoked().at(-1)).toBe(`Bearer ${accessToken}`);
  expect(await lineOf(sourceId)).toMatchObject({ connection_status: 'disconnected', account_id: 'anna' });
  expect((await database.owner.query('SELECT FROM source_secrets WHERE source_id = $1', [sourceId])).rowCount).toBe(0);
  await expect((await contextOf(sourceId)).auth.get()).rejects.toMatchObject({ kind: 'auth-revoked' });
});

test('a key is sealed once the place accepts it, and one that it does not is not kept', async () => {
  const sourceId = await seed('dropbox');
  await finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  const { accessToken: good } = await (await contextOf(sourceId)).auth.get();
  const keyed = await seed('keyed');
  await expect(connectWithKeys(house, TESTER, keyed, { apiKey: 'wrong' })).rejects.toMatchObject({
    code: 'NEEDS_REAUTH',
  });
  await expect(connectWithKeys(house, TESTER, keyed, {})).rejects.toMatchObject({ path: 'keys.apiKey' });
  await expect(connectWithKeys(house, TESTER, keyed, { apiKey: good, other: 'x' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await expect(connectWithKeys(house, TESTER, sourceId, {})).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(contextOf(keyed)).rejects.toMatchObject({ code: 'NEEDS_REAUTH' });
  await connectWithKeys(house, TESTER, keyed, { apiKey: good });
  expect((await contextOf(keyed)).keys).toEqual({ apiKey: good });
  expect(await lineOf(keyed)).toMatchObject({ connection_status: 'connected', account_id: 'anna' });
  const { rows } = await database.owner.query(
    "SELECT string_agg(coalesce(old_values::text, '') || coalesce(new_values::text, ''), '') AS told FROM change_log WHERE table_name = 'data_sources'",
  );
  expect(rows[0].told).not.toMatch(/access-|refresh-/);
  expect(house.logged()).not.toMatch(/access-|refresh-|our-client-secret/);
});

test('a test says whether the place knows us, and writes it down', async () => {
  const sourceId = await seed('dropbox');
  await finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  expect(await testConnection(house, TESTER, sourceId)).toMatchObject({
    isReachable: true,
    account: { accountId: 'anna' },
  });
  fake.endGrant();
  const stale = await contextOf(sourceId);
  const { accessToken } = await stale.auth.get();
  await expect(stale.auth.get({ rejected: accessToken })).rejects.toMatchObject({ kind: 'auth-revoked' });
  expect(await lineOf(sourceId)).toMatchObject({ connection_status: 'needs_reauth', error: { code: 'NEEDS_REAUTH' } });
  fake.behave({ account: 'bert' });
  expect(await testConnection(house, TESTER, sourceId)).toMatchObject({
    isReachable: false,
    error: { code: 'CONFLICT' },
  });
});

test('a source that is deleted ends its grant at the provider, once it is gone', async () => {
  const sourceId = await seed('google');
  await finishConnection(house, TESTER, new URL(fake.consent((await begin(sourceId)).url)).search);
  const before = fake.revoked().length;
  const endThere = await rememberGrant(house, TESTER, sourceId);
  await database.owner.query('DELETE FROM data_sources WHERE source_id = $1', [sourceId]);
  expect(fake.revoked()).toHaveLength(before);
  await endThere();
  expect(fake.revoked()).toHaveLength(before + 1);
  expect(fake.revoked().at(-1)).toMatch(/^token=refresh-/);
  // Of what is not theirs nobody ends anything.
  await (await rememberGrant(house, BERT, await seed('google', OF_ANNA)))();
  expect(fake.revoked()).toHaveLength(before + 1);
});

test('a source that points at a cloud’s metadata is refused in words, and stays unconnected', async () => {
  const sourceId = await seed('metadata');
  await expect(connectWithKeys(house, TESTER, sourceId, { apiKey: 'x' })).rejects.toMatchObject({
    code: 'ADDRESS_NOT_ALLOWED',
    hint: expect.stringContaining('CAIRN_ALLOW_PRIVATE'),
  });
  expect((await lineOf(sourceId)).connection_status).toBe('pending');
});
