import { expect, test } from 'vitest';
import { verifySession } from '../../src/access/sessions.ts';
import { redeemSignInCode } from '../../src/access/sign-in.ts';
import { verifyToken } from '../../src/access/tokens.ts';
import { runCairn } from '../support/command-line.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

const codeIn = (link: string): string => new URL(link.trim()).searchParams.get('code') ?? '';

test('a user is made, signs in by a link under the public address, and is out once disabled', async () => {
  const made = await runCairn(database, [
    'user',
    'create',
    'Anna@Example.org',
    '--role',
    'editor',
    '--scopes',
    'research',
  ]);
  expect(made).toMatchObject({ code: 0, out: 'made Anna@Example.org\n' });
  const link = await runCairn(database, ['user', 'link', 'anna@example.org'], {
    env: { CAIRN_PUBLIC_URL: 'https://cairn.example.org' },
  });
  expect(link.out).toMatch(/^https:\/\/cairn\.example\.org\/sign-in\?code=[\w-]{43}\n$/);
  const secret = await redeemSignInCode(database, codeIn(link.out));
  expect(await verifySession(database, secret)).toMatchObject({
    label: 'user:anna@example.org',
    role: 'editor',
    scopes: ['research'],
  });
  const listed = await runCairn(database, ['user', 'list', '--json']);
  expect(JSON.parse(listed.out)).toMatchObject({
    users: [{ email: 'anna@example.org', role: 'editor', disabledAt: null }],
  });

  expect((await runCairn(database, ['user', 'disable', 'anna@example.org'])).out).toBe('disabled anna@example.org\n');
  expect(await verifySession(database, secret)).toBeNull();
  expect(await runCairn(database, ['user', 'link', 'anna@example.org'])).toMatchObject({ code: 2, out: '' });
  await runCairn(database, ['user', 'enable', 'anna@example.org']);
  expect((await runCairn(database, ['user', 'link', 'anna@example.org'])).code).toBe(0);
});

test('the command line can disable even the last administrator, since it can make another', async () => {
  await runCairn(database, ['user', 'create', 'root@example.org', '--role', 'admin']);
  expect((await runCairn(database, ['user', 'disable', 'root@example.org'])).code).toBe(0);
});

test('a token is limited to scopes that there are', async () => {
  const made = await runCairn(database, [
    'token',
    'create',
    'narrow',
    '--role',
    'importer',
    '--scopes',
    'research,access',
  ]);
  expect(await verifyToken(database, made.out.trim())).toMatchObject({
    role: 'importer',
    scopes: ['access', 'research'],
  });
  const refused = await runCairn(database, ['token', 'create', 'odd', '--scopes', 'reserach']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('Scopes are access, research');
});
