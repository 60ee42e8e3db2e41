/** What a provider's answers, limits, ends and circles mean. */
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/kernel/errors.ts';
import { ConnectorError } from '../../../src/sources/connector.ts';
import { answerError, answerText } from '../../../src/sources/kit/answer-error.ts';
import { cursorCodec } from '../../../src/sources/kit/cursor.ts';
import { asConnectorError } from '../../../src/sources/kit/network-error.ts';
import { createPageGuard } from '../../../src/sources/kit/page-guard.ts';
import { foldPath, nameOf, pathBelow, pathOfKey } from '../../../src/sources/kit/paths.ts';
import { retryAfterOf } from '../../../src/sources/kit/retry-after.ts';
import { wholeBody } from '../../../src/sources/kit/whole-body.ts';

const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });

test.each([
  [401, {}, 'auth-expired'],
  [403, {}, 'forbidden'],
  [404, {}, 'not-found'],
  [409, {}, 'conflict'],
  [412, {}, 'conflict'],
  [413, {}, 'too-large'],
  [429, {}, 'rate-limit'],
  [500, {}, 'transient'],
  [503, {}, 'transient'],
  [503, { 'retry-after': '1' }, 'rate-limit'],
  [507, {}, 'quota'],
  [400, {}, 'config'],
])('status %d with %j is %s', (status, headers, kind) => {
  expect(answerError(answer(status, headers), { provider: 'Place' })).toMatchObject({ kind, status });
});

test.each([
  ['7', 7000],
  ['0.5', 500],
  ['0', 0],
  ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['Thu, 31 Dec 2099 00:00:00 GMT', 86_400_000],
  ['soon', undefined],
  ['-3', undefined],
])('Retry-After: %s asks for %s ms by the clock of who answered', (header, expected) => {
  const headers = new Headers({ 'retry-after': header, date: 'Sat, 21 Nov 2026 10:00:00 GMT' });
  // A clock of ours that is a year off changes nothing.
  expect(retryAfterOf({ headers }, Date.parse('2025-01-01'))).toBe(expected === undefined ? undefined : expected);
});

test('the words of an error are read to 64 KiB, and what broke off still counts', async () => {
  const long = new Response(new Blob(['x'.repeat(200_000)]).stream());
  expect((await answerText(long)).length).toBeLessThan(200_000);
  const breaking = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error('reset')),
    start: (controller) => controller.enqueue(Buffer.from('half')),
  });
  expect(await answerText(new Response(breaking))).toMatch(/^(half)?$/);
});

test('what fetch wraps is told by what is inside: an address refused is the settings’ fault, a reset is transient', () => {
  const refused = new TypeError('fetch failed', {
    cause: new AppError('PATH_NOT_ALLOWED', 'no', { hint: 'allow it' }),
  });
  expect(asConnectorError(refused, 'Place')).toMatchObject({ kind: 'config', hint: 'allow it' });
  const reset = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) });
  expect(asConnectorError(reset, 'Place')).toMatchObject({
    kind: 'transient',
    message: expect.stringContaining('ECONNRESET'),
  });
  const ours = new ConnectorError('conflict', 'changed');
  expect(asConnectorError(new Error('wrapped', { cause: ours }), 'Place')).toBe(ours);
  expect(asConnectorError(reset, 'Place', AbortSignal.abort('told to'))).toBe('told to');
});

test('a page that is led to three times ends the listing, in a circle too', () => {
  const guard = createPageGuard('Place');
  for (const token of ['a', 'b', 'a', 'b']) guard.next(token);
  expect(() => guard.next('a')).toThrow(expect.objectContaining({ kind: 'transient' }));
});

test('a body that ends early, goes on too long or breaks ends with an error; a whole one passes', async () => {
  const read = (text: string, bytes: number | undefined): Promise<string> =>
    new Response(
      wholeBody(new Blob([text]).stream(), { provider: 'Place', bytes, signal: new AbortController().signal }),
    ).text();
  expect(await read('abc', 3)).toBe('abc');
  expect(await read('abc', undefined)).toBe('abc');
  await expect(read('ab', 3)).rejects.toMatchObject({ kind: 'transient' });
  await expect(read('abcd', 3)).rejects.toMatchObject({ kind: 'conflict' });
  const breaking = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new TypeError('terminated')),
  });
  const body = wholeBody(breaking, { provider: 'Place', signal: new AbortController().signal });
  await expect(new Response(body).text()).rejects.toMatchObject({ kind: 'transient' });
});

test('no remote name leads elsewhere, and each stays readable', () => {
  expect(pathBelow('notes', 'a/b')).toBe('notes/a∕b');
  expect(pathBelow('', '..')).toBe('․․');
  expect(pathBelow('', 'a\0b\n')).toBe('a␀b␊');
  expect(pathBelow('x', '')).toBe('x/∅');
  expect(pathOfKey('a//../b.csv')).toBe('a/∅/․․/b.csv');
  expect(nameOf(pathBelow('x', 'Ж.md'))).toBe('Ж.md');
  expect(pathBelow('', `${'n'.repeat(300)}\ud800`)).toBe(`${'n'.repeat(300)}\ufffd`);
  expect(foldPath('Notes/CAFE\u0301.md')).toBe(foldPath('notes/Caf\u00e9.MD'));
});

test('a cursor of another version, of another shape or of nobody is not read', () => {
  const codec = cursorCodec(2, Type.Object({ after: Type.String() }));
  expect(codec.read(codec.write({ after: 'x' }))).toEqual({ after: 'x' });
  const other = cursorCodec(1, Type.Object({ after: Type.String() }));
  for (const cursor of [other.write({ after: 'x' }), '{"v":2,"at":{}}', 'AAAA', 'null', '']) {
    expect(codec.read(cursor)).toBeUndefined();
  }
});
