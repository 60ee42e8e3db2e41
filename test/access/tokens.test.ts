import { expect, test } from 'vitest';
import { isTokenForm, newToken, sameSecret } from '../../src/access/secret.ts';
import { createToken, listTokens, revokeToken, verifyToken } from '../../src/access/tokens.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';

const database = await useTestDatabase();

test('a token is shown once and kept as a hash with a prefix to know it by', async () => {
  const { token, summary } = await createToken(database, TESTER, { name: 'once', role: 'viewer' });
  expect(token).toMatch(/^cairn_[\w-]{43}_[0-9a-f]{8}$/);
  expect(token.startsWith(summary.prefix)).toBe(true);
  const { rows } = await database.owner.query('SELECT to_jsonb(t)::text AS row FROM tokens t');
  expect(JSON.stringify(rows)).not.toContain(token.slice(12));
});

test('a token stands for its name and role', async () => {
  const { token } = await createToken(database, TESTER, { name: 'reader', role: 'viewer' });
  expect(await verifyToken(database, token)).toMatchObject({ kind: 'token', label: 'token:reader', role: 'viewer' });
});

test('a mistyped token is refused without asking the database', async () => {
  const { token } = newToken();
  expect(isTokenForm(token)).toBe(true);
  const queries = recordQueries(database.read, database.write);
  const mistyped = token.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect(await verifyToken(database, mistyped)).toBeNull();
  expect(queries.all()).toEqual([]);
  queries.stop();
});

test('a thousand uses in a minute write once', async () => {
  const { token } = await createToken(database, TESTER, { name: 'busy', role: 'viewer' });
  await verifyToken(database, token);
  const [first] = (await listTokens(database)).filter(({ name }) => name === 'busy');
  const queries = recordQueries(database.write);
  for (let use = 0; use < 5; use += 1) await verifyToken(database, token);
  expect(queries.all()).toEqual([]);
  queries.stop();
  expect(first?.lastUsedAt).toBeInstanceOf(Date);
});

test.each(['', ' ', 'a\nb', 'x'.repeat(101), 'a\0b'])('%j is no name for a token', async (name) => {
  await expect(createToken(database, TESTER, { name, role: 'viewer' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

test('a name is used once, also after its token was revoked', async () => {
  await createToken(database, TESTER, { name: 'taken', role: 'viewer' });
  const { revokedAt } = await revokeToken(database, TESTER, 'taken');
  expect(revokedAt).toBeInstanceOf(Date);
  expect((await revokeToken(database, TESTER, 'taken')).revokedAt).toEqual(revokedAt);
  await expect(createToken(database, TESTER, { name: 'taken', role: 'viewer' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test.each(['admin', 'Admin'])('no token is called %s, as the one of the settings is in the history', async (name) => {
  await expect(createToken(database, TESTER, { name, role: 'viewer' })).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('revoking what is not there says so', async () => {
  await expect(revokeToken(database, TESTER, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('secrets of different lengths are compared too', () => {
  expect(sameSecret('a', 'ab')).toBe(false);
  expect(sameSecret('ab', 'ab')).toBe(true);
});
