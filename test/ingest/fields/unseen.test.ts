/** Keys that look the same are one key, or no key at all. */
import { describe, expect, test } from 'vitest';
import type { RejectCode } from '../../../src/ingest/dataset.ts';
import { id, reference, text } from '../../../src/ingest/fields/index.ts';
import { slug } from '../../../src/research/slug.ts';

function parsed(field: ReturnType<typeof id>, value: string) {
  const faults: [RejectCode, string][] = [];
  const raw: string[] = [];
  const result = field.parse(value, {
    fault: (code, message) => {
      faults.push([code, message]);
      return null;
    },
    keepRaw: (kept) => void raw.push(kept),
    note: () => undefined,
  });
  return { result, faults, raw };
}

describe.each([id(), reference('videos')])('of kind $kind', (field) => {
  test.each([
    '\u200B',
    '\uFEFF',
    '\u2060',
    '\u00AD',
    '\u200E',
    '\u202E',
    '\u200D',
    '\u3164',
    ' \u200B\u00A0',
    '\u001A',
    '\u007F',
  ])('what nobody sees around a key (%j) is no part of it, and its text is kept', (unseen) => {
    const given = `x${unseen}`.slice(1);
    const { result, faults, raw } = parsed(field, `${given}v 1${given}`);
    expect([result, faults]).toEqual(['v 1', []]);
    // What is trimmed of every text is no loss.
    expect(raw).toEqual(`${given}v 1${given}`.trim() === 'v 1' ? [] : [`${given}v 1${given}`.trim()]);
  });

  test.each([
    ['v\u200B1', 2, 'U+200B (zero width space)'],
    ['v1\uFEFF2', 3, 'U+FEFF (byte order mark)'],
    ['👍a\u2060b', 3, 'U+2060 (word joiner)'],
    ['co\u00ADop', 3, 'U+00AD (soft hyphen)'],
    ['a\u200Db', 2, 'U+200D (zero width joiner)'],
    ['v\b1', 2, 'U+0008'],
    ['v1\u00852', 3, 'U+0085'],
    ['1\uFE0F', 2, 'U+FE0F (variation selector)'],
    ['a\u{E0061}b', 2, 'U+E0061'],
  ])('one inside (%j) is a fault that names it', (given, place, name) => {
    const { result, faults } = parsed(field, given);
    expect(result).toBeNull();
    expect(faults).toEqual([['INVALID_ID', expect.stringContaining(`Character ${place} of the key is ${name}`)]]);
  });

  test.each(['می\u200Cخواهم', 'क्\u200Dष', '👩\u200D💻', '❤\uFE0F', '❤\uFE0F\u200D🔥', '葛\u{E0100}', 'v-1', 'Ö'])(
    'one that shows by what it does to others (%j) is part of the key',
    (given) => {
      expect(parsed(field, given)).toEqual({ result: given.normalize('NFC'), faults: [], raw: [] });
    },
  );

  test('nothing but what nobody sees is nothing', () => {
    expect(parsed(field, '\u200B\u2060')).toEqual({ result: null, faults: [], raw: [] });
  });
});

test('texts keep what nobody sees', () => {
  expect(parsed(text(), 'co\u00ADop\u200B')).toEqual({ result: 'co\u00ADop\u200B', faults: [], raw: [] });
});

test('a name and one that looks the same are one key', () => {
  expect(slug('Niko\u200B K\u00ADar\uFEFF')).toBe(slug('Niko Kar'));
});
