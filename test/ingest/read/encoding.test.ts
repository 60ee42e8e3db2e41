import { describe, expect, test } from 'vitest';
import { encodingDetector } from '../../../src/ingest/read/encoding.ts';
import { originals, readAll, spooled } from '../../support/spooled.ts';

function detect(bytes: Uint8Array, step = 7): string {
  const detector = encodingDetector();
  for (let at = 0; at < bytes.length; at += step) detector.push(Buffer.from(bytes.subarray(at, at + step)));
  return detector.result();
}

const UKRAINIAN = 'назва,канал\nПривіт світ,Їжак\n';
const wide = (text: string, mark = '') => Buffer.from(mark + text, 'utf16le');
const swapped = (text: string, mark = '') => wide(text, mark).swap16();

describe('a text file is read in its own encoding', () => {
  test.each([
    ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8'],
    ['UTF-8', Buffer.from(UKRAINIAN), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${UKRAINIAN}`), 'utf-8'],
    ['UTF-16 LE with a mark', wide(UKRAINIAN, '\ufeff'), 'utf-16le'],
    ['UTF-16 BE with a mark', swapped(UKRAINIAN, '\ufeff'), 'utf-16be'],
    ['UTF-16 LE without one', wide(UKRAINIAN), 'utf-16le'],
    ['UTF-16 BE without one', swapped(UKRAINIAN), 'utf-16be'],
    ['Windows-1252', Buffer.from('name\ncaf\u00e9, d\u00e9j\u00e0 vu \u0096 na\u00efve\n', 'latin1'), 'windows-1252'],
    ['ASCII with a NUL', Buffer.from('a,b\n1,\0\n'), 'utf-8'],
  ])('%s', (_name, bytes, encoding) => {
    for (const step of [1, 2, 3, 5, 1000]) expect(detect(bytes, step)).toBe(encoding);
  });

  test.each([
    ['UTF-8 with a broken byte', Buffer.concat([Buffer.from(UKRAINIAN), Buffer.from([0xff])])],
    [
      'UTF-8 with a broken byte amid it',
      Buffer.concat([Buffer.from(UKRAINIAN), Buffer.from([0xff]), Buffer.from(UKRAINIAN)]),
    ],
    ['UTF-8 cut in the middle of a character', Buffer.from(UKRAINIAN).subarray(0, 14)],
    ['UTF-16 with an odd byte', Buffer.concat([wide(UKRAINIAN, '\ufeff'), Buffer.from([1])])],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['a byte that Windows-1252 leaves undefined', Buffer.from([0x61, 0xe9, 0x2c, 0x9d, 0x20])],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0xff, 0x01, 0x02, 0xe8])],
  ])('%s is refused, not garbled', (_name, bytes) => {
    for (const step of [1, 3, 1000]) {
      expect(() => detect(bytes, step)).toThrow(expect.objectContaining({ code: 'FILE_ENCODING' }));
    }
  });

  test('one late byte decides against a guess from the first ones', () => {
    const text = Buffer.concat([Buffer.alloc(100_000, 'plain text\n'), Buffer.from([0xe9, 0x0a])]);
    expect(detect(text, 4096)).toBe('windows-1252');
  });
});

test.each([
  ['utf-8', Buffer.from(`\ufeff${UKRAINIAN}`), 'utf8'],
  ['utf-16le', wide(UKRAINIAN, '\ufeff'), 'utf16le'],
])('the mark is no part of the first header, and spans are the bytes of the file: %s', async (_name, bytes, node) => {
  const file = await spooled('a.csv', bytes);
  const records = await readAll(file);
  expect(records).toMatchObject([{ line: 2, value: { назва: 'Привіт світ', канал: 'Їжак' } }]);
  const [original] = await originals(file, records);
  expect(Buffer.from(original ?? '', 'utf8').length).toBeGreaterThan(0);
  const span = records[0]?.raw;
  const { offset, length } = span !== undefined && 'offset' in span ? span : { offset: 0, length: 0 };
  expect(bytes.toString(node === 'utf8' ? 'utf8' : 'utf16le', offset, offset + length)).toBe('Привіт світ,Їжак');
});

test('a file that was detected as one encoding and holds another by now is refused', async () => {
  const file = await spooled('a.csv', Buffer.from([0x61, 0x0a, 0xe9, 0x0a]));
  await expect(readAll(file, { encoding: 'utf-8' })).rejects.toMatchObject({ code: 'FILE_ENCODING' });
});
