/** Keys that look the same are one key, or no key at all. */
import { describe, expect, test } from 'vitest';
import type { RejectCode } from '../../../src/ingest/dataset.ts';
import { id, reference, text } from '../../../src/ingest/fields/index.ts';
import { asSeen } from '../../../src/ingest/fields/unseen.ts';
import { slug } from '../../../src/research/slug.ts';

/** The tags that make a black flag England's. */
const ENGLAND = '\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}';

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
    // Flags that no one draws, and pictures that nobody joins.
    ['🏴\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F} x', 2, 'U+E0075'],
    ['👍\u200D🔥', 2, 'U+200D (zero width joiner)'],
    ['ر\u200Dب', 2, 'U+200D (zero width joiner)'],
    ['क\u200Dष', 2, 'U+200D (zero width joiner)'],
    // Mandaic: some of its letters join the next, and would look otherwise.
    ['ࡁ\u200Cࡁ', 2, 'U+200C (zero width non-joiner)'],
  ])('one inside (%j) is a fault that names it', (given, place, name) => {
    const { result, faults } = parsed(field, given);
    expect(result).toBeNull();
    expect(faults).toEqual([['INVALID_ID', expect.stringContaining(`Character ${place} of the key is ${name}`)]]);
  });

  test.each([
    // Persian: the name of a village, and a verb; Urdu.
    'علی\u200Cآباد',
    'می\u200Cخواهم',
    'خوب\u200Cصورت',
    // Hindi, Bengali, Kannada, Sinhala.
    'क्\u200Dष',
    'क्\u200Cष',
    'র\u200D্যাব',
    'ರ\u200D್ಕ',
    'ශ්\u200Dරී',
    'क्\u200D',
    // N’Ko, Mongolian, Adlam; Sundanese, Chakma.
    'ߞ\u200Cߏ',
    'ᠮ\u200Cᠣ',
    '𞤀\u200C𞤁',
    'ᮊ᮫\u200Cᮊ',
    '𑄇𑄳\u200C𑄇',
    '葛\u{E0100}',
    '👩\u200D💻',
    '👩🏽\u200D💻',
    '❤\uFE0F',
    '❤\uFE0F\u200D🔥',
    '👍\uFE0E',
    '1\uFE0F\u20E3',
    '#\uFE0F\u20E3 top',
    '🏳\uFE0F\u200D🌈',
    `🏴${ENGLAND} news`,
    `news 🏴${ENGLAND}`,
    '🇦🇹',
    'v-1',
    'Ö',
    '©',
  ])('one that shows by what it does to others (%j) is part of the key', (given) => {
    expect(parsed(field, given)).toEqual({ result: given.normalize('NFC'), faults: [], raw: [] });
  });

  test.each([
    // Letters that do not join anyway, of a script that joins and of one that does not; at the end of a word; twice.
    ['کار\u200Cها', 'کارها'],
    ['بے\u200Cشک', 'بےشک'],
    ['می\u200C\u200Cخواهم', 'می\u200Cخواهم'],
    ['علی\u200C رضا', 'علی رضا'],
    ['علی \u200Cرضا', 'علی رضا'],
    ['بر\u064E\u200Cب', 'بر\u064Eب'],
    ['ب\u200Dب', 'بب'],
    ['ב\u200Cא', 'בא'],
    ['क\u200Cष', 'कष'],
    ['അവന്\u200D', 'അവൻ'],
    // Pictures as some senders spell them.
    ['👍\uFE0F', '👍'],
    ['👍\uFE0F🏽', '👍🏽'],
    ['❤\uFE0E', '❤'],
    ['❤\u200D🔥', '❤\uFE0F\u200D🔥'],
    ['🏳\u200D🌈', '🏳\uFE0F\u200D🌈'],
    ['👩\uFE0F\u200D💻', '👩\u200D💻'],
    ['1\u20E3', '1\uFE0F\u20E3'],
  ])('%j and %j look the same, and are one key', (given, key) => {
    expect(parsed(field, given)).toEqual({ result: key, faults: [], raw: [given] });
    expect(parsed(field, key).result).toBe(key);
  });

  test('nothing but what nobody sees is nothing', () => {
    expect(parsed(field, '\u200B\u2060')).toEqual({ result: null, faults: [], raw: [] });
  });
});

test('texts keep what nobody sees', () => {
  expect(parsed(text(), 'co\u00ADop\u200B')).toEqual({ result: 'co\u00ADop\u200B', faults: [], raw: [] });
});

test('a name and one that looks the same are one key', () => {
  expect(slug('Niko\u200B K\u00ADar\uFEFF')).toBe(slug('Niko Kar'));
  expect(slug('کار\u200Cها')).toBe(slug('کارها'));
  expect(slug('علی\u200Cآباد')).not.toBe(slug('علیآباد'));
});

test.each(['Team 1\uFE0F\u20E3', 'Team 1\u20E3', 'Ame\u00AD\u0301lie'])(
  'the key of the name %j is the one that references to it lead to',
  (name) => {
    expect(parsed(reference('employees'), slug(name))).toEqual({ result: slug(name), faults: [], raw: [] });
  },
);

test('a key in its spelling stays as it is, whatever it is made of', () => {
  const pieces = [
    'a',
    '1',
    'ی',
    'ر',
    'ب',
    '\u064E',
    '\u200C',
    '\u200D',
    '\u200B',
    '\uFE0E',
    '\uFE0F',
    '\u20E3',
    '❤',
    '🔥',
  ];
  pieces.push('👍', '🏽', '👩', '🏴', ENGLAND, 'क', '്', '്', 'ന', ' ', 'א');
  for (const one of pieces)
    for (const two of pieces)
      for (const three of pieces) {
        const key = asSeen((one + two + three).normalize('NFC'));
        expect(asSeen(key)).toBe(key);
      }
});
