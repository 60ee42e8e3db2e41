import { describe, expect, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/kernel/config.ts';

const OIDC = { CAIRN_OIDC_ISSUER: 'https://accounts.example.org', CAIRN_OIDC_CLIENT_ID: 'cairn' };

test('a provider is read with its client, and the client’s secret is one', () => {
  const config = readConfig({
    ...OIDC,
    CAIRN_OIDC_CLIENT_SECRET: 'hunter2hunter2',
    CAIRN_OIDC_DEFAULT_ROLE: 'Viewer',
    CAIRN_PUBLIC_URL: 'https://cairn.example.org/',
  });
  expect(config.oidc).toEqual({
    issuer: 'https://accounts.example.org',
    clientId: 'cairn',
    clientSecret: 'hunter2hunter2',
    defaultRole: 'viewer',
  });
  expect(config.publicUrl).toBe('https://cairn.example.org');
  expect(secretsOf(config)).toContain('hunter2hunter2');
});

test('without an issuer nobody is asked', () => {
  expect(readConfig({})).toMatchObject({ oidc: undefined, publicUrl: undefined });
});

describe('is refused', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a provider over http on another machine', { ...OIDC, CAIRN_OIDC_ISSUER: 'http://accounts.example.org' }, 'https'],
    [
      'a host that only begins like this machine’s',
      { ...OIDC, CAIRN_OIDC_ISSUER: 'http://127.0.0.1.example.org' },
      'https',
    ],
    ['a provider without a client', { CAIRN_OIDC_ISSUER: 'https://accounts.example.org' }, 'CAIRN_OIDC_CLIENT_ID'],
    ['a client without a provider', { CAIRN_OIDC_CLIENT_ID: 'cairn' }, 'CAIRN_OIDC_ISSUER'],
    ['everybody as an administrator', { ...OIDC, CAIRN_OIDC_DEFAULT_ROLE: 'admin' }, 'CAIRN_OIDC_DEFAULT_ROLE'],
    ['a role that is none', { ...OIDC, CAIRN_OIDC_DEFAULT_ROLE: 'king' }, 'CAIRN_OIDC_DEFAULT_ROLE'],
    ['a public address with a path', { CAIRN_PUBLIC_URL: 'https://example.org/cairn' }, 'CAIRN_PUBLIC_URL'],
    ['a public address with a password', { CAIRN_PUBLIC_URL: 'https://a:b@example.org' }, 'CAIRN_PUBLIC_URL'],
    ['a public address that is none', { CAIRN_PUBLIC_URL: 'cairn.example.org' }, 'CAIRN_PUBLIC_URL'],
  ])('%s', (_what, env, word) => {
    expect(() => readConfig(env)).toThrow(word);
  });
});

test('this machine may be a provider without https', () => {
  for (const issuer of ['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000']) {
    expect(readConfig({ ...OIDC, CAIRN_OIDC_ISSUER: issuer }).oidc?.issuer).toBe(issuer);
  }
});
