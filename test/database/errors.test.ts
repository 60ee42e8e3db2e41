import pg from 'pg';
import { expect, test } from 'vitest';
import { asDatabaseError, isTransient, sqlState } from '../../src/database/errors.ts';
import { createStatementNames } from '../../src/database/statements.ts';
import { AppError } from '../../src/kernel/errors.ts';

const reported = (code: string) => Object.assign(new Error('as reported'), { code });

test.each([
  ['40001', 'DATABASE_BUSY', true],
  ['40P01', 'DATABASE_BUSY', true],
  ['57014', 'LIMIT_EXCEEDED', false],
  ['25P04', 'LIMIT_EXCEEDED', false],
  ['55P03', 'CONFLICT', false],
  ['53300', 'DATABASE_BUSY', true],
  ['57P01', 'DATABASE_UNREACHABLE', true],
  ['57P03', 'DATABASE_UNREACHABLE', true],
  ['08006', 'DATABASE_UNREACHABLE', true],
  ['53100', 'DATABASE_UNREACHABLE', true],
  ['ECONNRESET', 'DATABASE_UNREACHABLE', true],
  ['ECONNREFUSED', 'DATABASE_UNREACHABLE', true],
  ['ENETUNREACH', 'DATABASE_UNREACHABLE', true],
  ['23505', 'CONFLICT', false],
  ['23503', 'CONFLICT', false],
  ['23514', 'BAD_USER_INPUT', false],
  ['22P05', 'BAD_USER_INPUT', false],
])('%s is reported as %s', (code, expected, transient) => {
  const error = reported(code);
  expect(asDatabaseError(error)).toMatchObject({ code: expected, cause: error, hint: expect.any(String) });
  expect(isTransient(error)).toBe(transient);
});

test('what cannot be reached is named with its address, or by the code alone where there are several', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(asDatabaseError(refused)).toMatchObject({
    message: 'The database cannot be reached (connect ECONNREFUSED 127.0.0.1:1)',
  });
  const both = Object.assign(new AggregateError([refused]), { code: 'ECONNREFUSED' });
  expect(asDatabaseError(both)).toMatchObject({ message: 'The database cannot be reached (ECONNREFUSED)' });
});

test('a statement that is wrong stays a bug, with its own words', () => {
  const error = reported('42703');
  expect(asDatabaseError(error)).toBe(error);
  expect(isTransient(error)).toBe(false);
});

test('an error that is ours already is left as it is', () => {
  const error = new AppError('CONFLICT', 'ours', { cause: reported('57P01') });
  expect(asDatabaseError(error)).toBe(error);
});

test('a lost connection is known by its words', () => {
  expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
});

test('the state is found below an error of the migrations’ engine', () => {
  const driver = new Error('driver', { cause: { kind: 'postgres', originalCode: '57P01' } });
  expect(sqlState(Object.assign(new Error('engine', { cause: driver }), { code: 'P3018' }))).toBe('57P01');
});

test('one name stands for one text, is short enough for the server, and the number of them is bounded', () => {
  const { nameOn, isFull } = createStatementNames();
  const client = new pg.Client();
  const twice = (label: string, text: string): string => {
    nameOn(client, label, text);
    return nameOn(client, label, text) ?? expect.fail('what comes twice has no name');
  };
  const long = 'videos by channel '.repeat(10);
  expect(twice(long, 'SELECT 1')).toBe(twice(long, 'SELECT 1'));
  expect(twice(long, 'SELECT 1')).not.toBe(twice(long, 'SELECT 2'));
  expect(Buffer.byteLength(twice(long, 'SELECT 1'))).toBeLessThanOrEqual(63);
  expect(nameOn(client, 'once', 'SELECT 3')).toBeUndefined();
  const texts = Array.from({ length: 2_000 }, (_, index) => `SELECT ${index} AS many`);
  for (const text of texts.slice(0, 500)) twice('many', text);
  expect(isFull(client)).toBe(false);
  for (const text of texts) twice('many', text);
  expect(isFull(client)).toBe(true);
  // Whoever sent texts without end keeps nobody else's from being prepared.
  expect(twice(long, 'SELECT 4')).toContain(':');
});
