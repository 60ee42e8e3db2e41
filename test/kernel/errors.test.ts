import { expect, test } from 'vitest';
import { type Actor, hasRole } from '../../src/kernel/actor.ts';
import { AppError, asAppError, httpStatus, isShownToClients } from '../../src/kernel/errors.ts';

test.each([
  ['UNAUTHENTICATED', 401],
  ['NOT_FOUND', 404],
  ['CONFLICT', 409],
  ['BAD_USER_INPUT', 400],
  ['FILE_MALFORMED', 422],
  ['DATABASE_BUSY', 503],
  ['INTERNAL', 500],
] as const)('%s is HTTP %i', (code, status) => {
  expect(httpStatus(new AppError(code, 'message'))).toBe(status);
});

test('clients read what they can do something about, and nothing of what only we can', () => {
  expect(isShownToClients(new AppError('FILE_EMPTY', 'message'))).toBe(true);
  expect(isShownToClients(new AppError('DATABASE_UNREACHABLE', 'host and port'))).toBe(false);
  expect(isShownToClients(new AppError('INTERNAL', 'a table’s name'))).toBe(false);
  expect(isShownToClients(new Error('anything'))).toBe(false);
});

test('whatever is thrown becomes an error with its cause, and ours stays itself', () => {
  const own = new AppError('CONFLICT', 'ours');
  expect(asAppError(own)).toBe(own);
  const thrown = new TypeError('undefined is not a function');
  expect(asAppError(thrown)).toMatchObject({ code: 'INTERNAL', kind: 'bug', cause: thrown });
  expect(asAppError('words')).toMatchObject({ code: 'INTERNAL', message: 'words' });
});

test('a role includes the ones below it and none above', () => {
  const editor: Actor = { kind: 'token', label: 'token:nightly', role: 'editor' };
  expect([hasRole(editor, 'viewer'), hasRole(editor, 'editor'), hasRole(editor, 'admin')]).toEqual([true, true, false]);
});
