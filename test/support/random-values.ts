/** Values that columns can hold, and that those who read and write files like to change. */
import fc from 'fast-check';

/** Texts that files, spreadsheets and readers like to change. */
export const AWKWARD = [
  '',
  ' ',
  'N/A',
  'unknown',
  '[To be extracted]',
  'Not Provided. Based on content: "X"',
  ' padded ',
  '\u00a0no-break\u00a0',
  '"quoted" and ""twice""',
  "'tis",
  "'=1+1",
  "''=1+1",
  '=1+1',
  '+49 30 1234',
  '-5',
  '@handle',
  '\t=tab',
  '\r=return',
  'a\nb',
  'a\r\nb',
  'a\rb',
  '\n',
  'a,b;c|d\te',
  'sep=;',
  '00123',
  '1e5',
  '12.000',
  '2025-11-10',
  '01/02/2025',
  'true',
  'null',
  'NULL',
  '\\N',
  '\\n',
  '{"a": 1}',
  '[1, 2]',
  '😀 👩‍👩‍👧‍👦',
  'שלום עולם',
  'مرحبا',
  '\u202eevil\u202c',
  'cafe\u0301',
  'caf\u00e9',
  'A\u030a',
  '\u0001\u0008\u001f\u007f\u0085',
  '\u2028\u2029',
  '\ufeffmark',
  '\ufffe\uffff',
  '_x000D_',
  '_x005F_x000D_',
  '<b>&amp;</b>',
  ']]>',
  '#REF!',
  'https://youtu.be/abcdefghijk?t=5',
  'Video_19',
  'RSH-VID-001',
  '03_ANALYSIS/Video_7.md',
  'x'.repeat(200),
];

const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '')) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);
/** As many characters as PostgreSQL counts. */
export const text = (min: number, max: number): fc.Arbitrary<string> =>
  word.map((made) => [...made].slice(0, max).join('')).filter((made) => [...made].length >= min);

/** Names that mean something to the tables, to JavaScript, or to those who read files by name. */
const NAMES = [
  '__proto__',
  'constructor',
  'title',
  'Video URL',
  'created_at',
  'metadata',
  'description',
  'Description',
  'youtube_id',
  'a.b',
  '',
  ' ',
  '1',
  'é',
];
const NUMBERS = [
  '0',
  '-0.0',
  '1.50',
  '1e3',
  '12345678901234567890.123456789',
  '1e-320',
  '0.1',
  '-7',
  '9007199254740993',
];

/** A JSON text; numbers as people and programs write them. */
export const json: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    word.map((made) => JSON.stringify(made.toWellFormed())),
    fc.constantFrom(...NUMBERS, 'true', 'false', 'null', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4, selector: ([name]) => name })
    .map((entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(', ')}}`),
})).object;

export const moment = fc.oneof(
  fc.constantFrom(
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '1899-12-31T12:00:00Z',
    '1900-02-28T00:00:00Z',
    '2025-11-10T00:00:00Z',
    '1970-01-01T00:00:00.001Z',
  ),
  fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);

export const number = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(min, max, max / 3, 0.1 + 0.2), fc.double({ min, max, noNaN: true })).map(String);
export const whole = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
export const one = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
export const maybe = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string | null> =>
  fc.option(arbitrary, { freq: 3 });
