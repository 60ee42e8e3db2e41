import { describe, expect, test } from 'vitest';
import { looseKey } from '../../../src/ingest/fields/clean.ts';
import { boolean, enumeration, id, json, list, reference, text } from '../../../src/ingest/fields/index.ts';
import { parseWith } from '../../support/sink.ts';

describe('text', () => {
  test.each([
    ['  a b ', 'a b'],
    ['', null],
    [' \n', null],
    [12, '12'],
    [true, 'true'],
    [null, null],
    ['e\u0301', 'é'],
    ['😀'.repeat(5), '😀'.repeat(5)],
  ])('%j is %j', (given, value) => {
    expect(parseWith(text({ max: 5 }), given)).toEqual({ value });
  });

  test.each([
    ['longer than its column', 'abcdef', 'TOO_LONG'],
    ['longer by one emoji', '😀'.repeat(6), 'TOO_LONG'],
    ['much longer', 'x'.repeat(20_000), 'TOO_LONG'],
    ['a NUL', 'a\0', 'INVALID_VALUE'],
    ['half a surrogate pair', 'a\ud800', 'INVALID_VALUE'],
    ['a list', ['a'], 'INVALID_TYPE'],
    ['an object', { a: 1 }, 'INVALID_TYPE'],
  ])('%s does not pass', (_name, given, code) => {
    expect(parseWith(text({ max: 5 }), given)).toEqual({ value: null, code });
  });

  test('without a limit a transcript of 3 MB passes', () => {
    const long = 'слово '.repeat(300_000).trim();
    expect(parseWith(text(), long).value).toBe(long);
  });
});

describe('ids and references', () => {
  const research = id({ pattern: /^(RSH-[A-Z]{2,6}|RSR)-\d{3,}$/ });
  test.each(['RSR-001', 'RSH-VID-0001', ' RSR-001 '])('%s is one', (given) => {
    expect(parseWith(research, given)).toEqual({ value: given.trim() });
  });
  test.each(['TSM-008', 'RSR-1', 'xRSR-001', 'RSR-001\nRSR-002'])('%j is none', (given) => {
    expect(parseWith(research, given)).toEqual({ value: null, code: 'INVALID_ID' });
  });

  test('a key of 20 KB is refused before an index has to', () => {
    expect(parseWith(id(), 'k'.repeat(20_000))).toEqual({ value: null, code: 'TOO_LONG' });
    expect(parseWith(reference('channels'), 'k'.repeat(300))).toEqual({ value: null, code: 'TOO_LONG' });
  });

  test('a pattern with a global flag answers the same every time', () => {
    const field = id({ pattern: /^A\d$/g });
    expect([1, 2, 3].map(() => parseWith(field, 'A1').value)).toEqual(['A1', 'A1', 'A1']);
  });

  test('a reference knows its table, and another spelling of a key keeps its raw text', () => {
    const field = reference('videos', {
      pattern: /^Video_\d{3}$/,
      normalise: (key) => key.replace(/_(\d\d)$/, '_0$1'),
    });
    expect(field).toMatchObject({ kind: 'reference', target: 'videos' });
    expect(parseWith(field, 'Video_19')).toEqual({ value: 'Video_019', raw: 'Video_19' });
    expect(parseWith(field, 'Video_019')).toEqual({ value: 'Video_019' });
  });
});

describe('one of a list', () => {
  const status = enumeration(['in_progress', 'done'], { map: { Pending: 'in_progress' } });
  test.each([
    ['In Progress', { value: 'in_progress' }],
    ['in-progress', { value: 'in_progress' }],
    ['DONE', { value: 'done' }],
    ['pending', { value: 'in_progress', raw: 'pending' }],
    ['late', { value: null, code: 'INVALID_VALUE' }],
    ['', { value: null }],
    [3, { value: null, code: 'INVALID_VALUE' }],
  ])('%j', (given, expected) => {
    expect(parseWith(status, given)).toEqual(expected);
    expect(parseWith(status, given)).toEqual(expected);
  });

  test.each([
    [true, true],
    ['Yes', true],
    ['0', false],
    [1, true],
    ['', null],
  ])('the boolean %j is %j', (given, value) => {
    expect(parseWith(boolean(), given)).toEqual({ value });
  });
  test('a word that is no boolean does not pass', () => {
    expect(parseWith(boolean(), 'maybe')).toEqual({ value: null, code: 'INVALID_VALUE' });
  });
});

describe('JSON and lists', () => {
  test.each([
    [{ a: [1, null] }, { value: { a: [1, null] } }],
    ['{"a": 9007199254740993}', { value: { a: '9007199254740993' } }],
    ['plain', { value: 'plain' }],
    ['{"a": ', { value: null, code: 'INVALID_VALUE' }],
    [{ a: 'x\0' }, { value: null, code: 'INVALID_VALUE' }],
    [{ '\ud800': 1 }, { value: null, code: 'INVALID_VALUE' }],
    [null, { value: null }],
  ])('the JSON %j', (given, expected) => {
    expect(parseWith(json(), given)).toEqual(expected);
  });

  test('JSON nested without end does not pass, and the stack holds', () => {
    let deep: readonly unknown[] = [];
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(parseWith(json(), deep as readonly never[])).toEqual({ value: null, code: 'INVALID_VALUE' });
  });

  test.each([
    ['a; b;;N/A', { value: ['a', 'b'] }],
    ['a, b', { value: ['a', 'b'] }],
    ['["a, b", "c"]', { value: ['a, b', 'c'] }],
    [['a', ' b ', 3], { value: ['a', 'b', '3'] }],
    [7, { value: ['7'] }],
    [[], { value: null }],
    [[['x']], { value: null, code: 'INVALID_TYPE' }],
  ])('the list %j', (given, expected) => {
    expect(parseWith(list(), given)).toEqual(expected);
  });
});

test('names are compared without case, spaces, _ and -', () => {
  expect(new Set(['Video ID', 'video_id', 'videoId', 'VIDEO-ID'].map(looseKey))).toEqual(new Set(['videoid']));
});
