import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PROJECT_ROOT, readConfig, readEnvironment, secretsOf } from '../../src/kernel/config.ts';
import { AppError } from '../../src/kernel/errors.ts';

function fault(env: Record<string, string>): AppError {
  try {
    readConfig(env, '/srv');
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
  }
  throw new Error('No fault was reported');
}

test('with nothing set, everything has its documented default', () => {
  expect(readConfig({ PORT: '' }, '/srv')).toEqual({
    port: 4000,
    host: '127.0.0.1',
    workerPort: 4001,
    databaseUrl: undefined,
    dataDir: '/srv/.cairn',
    adminToken: undefined,
    importRoots: ['/srv/.cairn/inbox', join(PROJECT_ROOT, 'samples')],
    logLevel: 'info',
    roles: ['web', 'worker'],
    rateLimit: 6_000_000,
    corsOrigins: [],
    operations: 'any',
    operationsDir: undefined,
    publicUrl: undefined,
    oidc: undefined,
    allowPrivate: [],
    outboundRoutes: {},
    keys: [],
    oauthClients: {},
  });
});

test('import roots are split at the system’s path delimiter and made absolute', () => {
  const { importRoots } = readConfig({ CAIRN_IMPORT_ROOTS: ['/data', 'relative', ''].join(delimiter) }, '/srv');
  expect(importRoots).toEqual(['/data', '/srv/relative']);
});

test('roles are one or both of two, in any order', () => {
  expect(readConfig({ CAIRN_ROLES: 'worker' }, '/srv').roles).toEqual(['worker']);
  expect(readConfig({ CAIRN_ROLES: 'worker, web' }, '/srv').roles).toEqual(['web', 'worker']);
  for (const roles of ['all', ',', 'web,cron'])
    expect(() => readConfig({ CAIRN_ROLES: roles }, '/srv')).toThrow(
      'CAIRN_ROLES must list one or more of web, worker',
    );
});

test('every fault is reported at once, without the values', () => {
  const error = fault({
    PORT: '99999',
    HOST: 'http://here',
    DATABASE_URL: 'mysql://user:hunter2@host/db',
    CAIRN_ADMIN_TOKEN: 'short one',
    CAIRN_LOG_LEVEL: 'loud',
  });
  expect(error.code).toBe('CONFIG_INVALID');
  for (const name of ['PORT', 'HOST', 'DATABASE_URL', 'CAIRN_ADMIN_TOKEN', 'CAIRN_LOG_LEVEL'])
    expect(error.message).toContain(name);
  expect(error.message).not.toMatch(/hunter2|short one/);
  expect(error.hint).toContain('.env');
});

describe('a DATABASE_URL is refused', () => {
  test.each([
    ['without a password, from which the application role’s is derived', 'postgresql://anna@host/db', 'password'],
    ['without a user', 'postgresql://host/db', 'user'],
    ['without a database', 'postgresql://anna:pw@host', 'database'],
    ['with a bare % in its password', 'postgresql://anna:100%sure@host/db', '%25'],
    ['that is no URL', 'host=here', 'must read'],
  ])('%s', (_name, DATABASE_URL, word) => {
    expect(fault({ DATABASE_URL }).message).toContain(word);
  });
});

test.each(['-1', '1.5', '0x10', 'http'])('the port %s is refused', (PORT) => {
  expect(fault({ PORT }).message).toContain('PORT');
});

test('secrets are known in every spelling that a log could hold', () => {
  const config = readConfig({
    DATABASE_URL: 'postgresql://anna:p%40ss@host/db',
    CAIRN_ADMIN_TOKEN: 'a-token-of-some-length',
  });
  expect(secretsOf(config)).toEqual(['a-token-of-some-length', 'p%40ss', 'p@ss']);
});

test('the environment wins over the .env file, and a missing file is no fault', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  vi.stubEnv('CAIRN_TEST_A', 'environment');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(readEnvironment(folder)['CAIRN_TEST_A']).toBe('environment');
  await writeFile(join(folder, '.env'), 'CAIRN_TEST_A=file\nCAIRN_TEST_B="file"\n');
  expect(readEnvironment(folder)).toMatchObject({ CAIRN_TEST_A: 'environment', CAIRN_TEST_B: 'file' });
});

describe('the settings of what clients may ask', () => {
  test('are read', () => {
    const env = {
      CAIRN_RATE_LIMIT: '0',
      CAIRN_CORS_ORIGINS: 'https://a.example.org, http://localhost:5173',
      CAIRN_OPERATIONS: 'Registered',
      CAIRN_OPERATIONS_DIR: 'documents',
    };
    expect(readConfig(env, '/srv')).toMatchObject({
      rateLimit: 0,
      corsOrigins: ['https://a.example.org', 'http://localhost:5173'],
      operations: 'registered',
      operationsDir: '/srv/documents',
    });
  });

  test.each([
    ['CAIRN_RATE_LIMIT', '-1'],
    ['CAIRN_RATE_LIMIT', '1e6'],
    ['CAIRN_OPERATIONS', 'none'],
    ['CAIRN_CORS_ORIGINS', '*'],
    ['CAIRN_CORS_ORIGINS', 'https://a.example.org/'],
    ['CAIRN_CORS_ORIGINS', 'https://a.example.org/app'],
    ['CAIRN_CORS_ORIGINS', 'a.example.org'],
    ['CAIRN_CORS_ORIGINS', 'null'],
    ['CAIRN_CORS_ORIGINS', 'file:///tmp'],
    ['CAIRN_CORS_ORIGINS', 'https://A.example.org'],
  ])('%s cannot be %s', (name, value) => {
    expect(fault({ [name]: value }).message).toContain(name);
  });
});
