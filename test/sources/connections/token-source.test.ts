import { expect, test } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import { HOUSEKEEPER } from '../../../src/kernel/actor.ts';
import type { OauthProvider } from '../../../src/kernel/source-settings.ts';
import { partyOf, type Tokens } from '../../../src/sources/connections/oauth-client.ts';
import { readSecret, writeSecret } from '../../../src/sources/connections/source-secrets.ts';
import { createTokenSource } from '../../../src/sources/connections/token-source.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type OauthFake, useOauthFake } from '../../support/oauth-provider.ts';
import { seedSource } from '../../support/sources.ts';
import { useSourcesHouse } from '../../support/sources-house.ts';

const database = await useTestDatabase();
const fake: OauthFake = await useOauthFake();
const house = await useSourcesHouse(database, { url: fake.url });

/** A source with a grant of the fake's, whose access token has expired. */
async function granted(provider: OauthProvider = 'dropbox', change: Partial<Tokens> = {}) {
  const source = { source_id: await seedSource(database.owner, { source_type: provider }), owner_id: 'hub' };
  const { startConnection, finishConnection } = await import('../../../src/sources/connections/connect.ts');
  const { oauthConnector } = await import('../../support/sources-house.ts');
  const { connectorRegistryOf } = await import('../../../src/sources/registry.ts');
  const full = { ...house, connectors: async () => connectorRegistryOf([oauthConnector(provider, fake.url)]) };
  const actor = { kind: 'command', label: 'command:test', role: 'admin' } as const;
  const asked = { sourceId: source.source_id, mayWrite: false, baseUrl: 'https://cairn.example.org' };
  const { url } = await startConnection(full, actor, asked);
  await finishConnection(full, actor, new URL(fake.consent(url)).search);
  await writeSession(database.write, HOUSEKEEPER, async ({ query }) => {
    const secret = await readSecret(query, house.keyring, source, 'lock');
    if (secret?.kind !== 'oauth') throw new Error('no tokens');
    const tokens = { ...secret.tokens, expiresAt: new Date(Date.now() - 1_000), ...change };
    await writeSecret(query, house.keyring, source, { kind: 'oauth', tokens });
  });
  return { source, party: partyOf(house, provider) };
}

test('ten workers at once refresh once: the provider never sees a refresh token twice', async () => {
  fake.behave({ rotates: true, slowMs: 30 });
  const { source, party } = await granted();
  const before = fake.refreshes();
  const workers = Array.from({ length: 10 }, () => createTokenSource(house, source, party));
  // Half of them ask twice, as parallel requests of one worker do.
  const tokens = await Promise.all(
    workers.flatMap((worker, at) => (at % 2 ? [worker.get(), worker.get()] : [worker.get()])),
  );
  expect(fake.refreshes() - before).toBe(1);
  expect(fake.replays()).toBe(0);
  expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
  const rejected = tokens[0]?.accessToken ?? '';
  const next = await Promise.all(workers.map((worker) => worker.get({ rejected })));
  expect(fake.refreshes() - before).toBe(2);
  expect(fake.replays()).toBe(0);
  expect(next.every(({ accessToken }) => accessToken !== rejected)).toBe(true);
});

test('a token is used until a minute before it ends', async () => {
  fake.behave({});
  const { source, party } = await granted('dropbox', { expiresAt: new Date(Date.now() + 90_000) });
  const before = fake.refreshes();
  await createTokenSource(house, source, party).get();
  expect(fake.refreshes()).toBe(before);
  const { source: other } = await granted('dropbox', { expiresAt: new Date(Date.now() + 50_000) });
  await createTokenSource(house, other, party).get();
  expect(fake.refreshes()).toBe(before + 1);
});

test('a provider that does not rotate says nothing of the refresh token: the one that we have is kept', async () => {
  fake.behave({ expiresIn: 1 });
  const { source, party } = await granted('google');
  const tokens = createTokenSource(house, source, party);
  const before = fake.refreshes();
  await tokens.get();
  await tokens.get();
  expect(fake.refreshes()).toBe(before + 2);
});

test('where the grant is over the source needs to be connected again, and no further refresh is tried in vain', async () => {
  fake.behave({});
  for (const provider of ['dropbox', 'slack'] as const) {
    const { source, party } = await granted(provider);
    fake.endGrant();
    await expect(createTokenSource(house, source, party).get()).rejects.toMatchObject({ kind: 'auth-revoked' });
    const { rows } = await database.owner.query(
      'SELECT connection_status, error FROM data_sources WHERE source_id = $1',
      [source.source_id],
    );
    expect(rows[0]).toMatchObject({ connection_status: 'needs_reauth', error: { code: 'NEEDS_REAUTH' } });
  }
});

test('a token that cannot be renewed is asked for anew once it is refused', async () => {
  fake.behave({ expiresIn: null });
  const { source, party } = await granted('notion', { expiresAt: undefined });
  const tokens = createTokenSource(house, source, party);
  const { accessToken } = await tokens.get();
  await expect(tokens.get({ rejected: accessToken })).rejects.toMatchObject({ kind: 'auth-revoked' });
});

test('a provider that is down, limits or misunderstands us ends no grant', async () => {
  fake.behave({});
  const { source, party } = await granted();
  const tokens = createTokenSource(house, source, party);
  const kindOf = async (failure: { status: number; body: unknown; headers?: Record<string, string> }) => {
    fake.behave({ failure });
    return tokens.get().catch((thrown: unknown) => thrown);
  };
  expect(await kindOf({ status: 503, body: 'down' })).toMatchObject({ kind: 'transient' });
  expect(await kindOf({ status: 429, body: {}, headers: { 'retry-after': '7' } })).toMatchObject({
    kind: 'rate-limit',
    retryAfterMs: 7000,
  });
  expect(await kindOf({ status: 401, body: { error: 'invalid_client' } })).toMatchObject({ kind: 'config' });
  expect(await kindOf({ status: 200, body: '<html>' })).toMatchObject({ kind: 'transient' });
  fake.behave({});
  await tokens.get();
  const { rows } = await database.owner.query('SELECT connection_status FROM data_sources WHERE source_id = $1', [
    source.source_id,
  ]);
  expect(rows[0].connection_status).toBe('connected');
});
