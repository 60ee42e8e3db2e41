import { expect, test } from 'vitest';
import { readConfig, secretsOf } from '../../src/kernel/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const faultsOf = (env: Record<string, string>): string => {
  try {
    readConfig(env, '/srv');
    return '';
  } catch (thrown) {
    return String(thrown);
  }
};

test('what may be reached, where providers are led, and who the hub is there', () => {
  const config = readConfig(
    {
      CAIRN_ALLOW_PRIVATE: 'minio, 10.1.0.0/16 ::1,fd00::/8',
      CAIRN_OUTBOUND_ROUTES: '{"https://api.dropboxapi.com":"http://127.0.0.1:9000/dropbox"}',
      CAIRN_KEYS: `k2:${KEY},k1:${KEY}`,
      CAIRN_OAUTH_SLACK_CLIENT_ID: 'us',
      CAIRN_OAUTH_SLACK_CLIENT_SECRET: 'slack-client-secret',
      CAIRN_OAUTH_SLACK_SIGNING_SECRET: 'slack-signing-secret',
    },
    '/srv',
  );
  expect(config.allowPrivate).toEqual(['minio', '10.1.0.0/16', '::1', 'fd00::/8']);
  expect(config.outboundRoutes).toEqual({ 'https://api.dropboxapi.com': 'http://127.0.0.1:9000/dropbox' });
  expect(config.keys.map(({ id, key }) => [id, key.length])).toEqual([
    ['k2', 32],
    ['k1', 32],
  ]);
  expect(Object.keys(config.oauthClients)).toEqual(['slack']);
  expect(secretsOf(config)).toEqual(expect.arrayContaining([KEY, 'slack-client-secret', 'slack-signing-secret']));
});

test('what cannot be used is named without its value', () => {
  for (const [name, values] of Object.entries({
    CAIRN_ALLOW_PRIVATE: ['http://minio', '10.0.0.0/33', '10.0.0.0/a', 'a/8', '*'],
    CAIRN_OUTBOUND_ROUTES: [
      '{',
      '[]',
      '3',
      '{"https://a.org/path":"http://b"}',
      '{"https://a.org":"file:///b"}',
      '{"https://a.org":3}',
    ],
    CAIRN_KEYS: ['k1', `k1:${KEY},k1:${KEY}`, `k1:${KEY.slice(4)}`, `:${KEY}`, `k 1:${KEY}`],
    CAIRN_OAUTH_DROPBOX_CLIENT_SECRET: ['rosebud-secret'],
    CAIRN_OAUTH_NOTION_SIGNING_SECRET: ['rosebud-secret'],
  }))
    for (const value of values) {
      const fault = faultsOf({ [name]: value });
      expect(fault, value).toContain(name.replace(/_(CLIENT|SIGNING)_SECRET$/, '_CLIENT_ID'));
      expect(fault).not.toContain(KEY.slice(4));
      expect(fault).not.toContain('rosebud');
    }
});
