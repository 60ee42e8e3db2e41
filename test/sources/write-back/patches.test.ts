/** What is written back changes the cells that were edited and not one byte beside them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { defineDataset } from '../../../src/ingest/dataset.ts';
import { id, integer, text } from '../../../src/ingest/fields/index.ts';
import { inspectFile } from '../../../src/ingest/inspect.ts';
import { readerFor } from '../../../src/ingest/read/readers.ts';
import { applyPatches } from '../../../src/sources/write-back/rows/apply-patches.ts';
import { type EditsByKey, findPatches, keyText } from '../../../src/sources/write-back/rows/find-patches.ts';

const folder = await mkdtemp(join(tmpdir(), 'cairn-patches-'));
afterAll(() => rm(folder, { recursive: true }));

const dataset = defineDataset({
  name: 'things',
  title: 'Things',
  description: 'Of the tests.',
  table: 'things',
  key: ['thing_id'],
  files: [{ pattern: '**/things.*' }],
  rulesVersion: 1,
  fields: { thing_id: id(), title: text({ from: ['Name'] }), size: integer() },
  rest: 'metadata',
});
const match = { dataset, pattern: { pattern: '**' }, authority: 0 };

async function rewritten(name: string, content: Buffer, edits: EditsByKey) {
  const path = join(folder, name);
  await writeFile(path, content);
  const file = await inspectFile(path, name);
  const found = await findPatches(file, match, edits);
  if (found === undefined) throw new Error('The file is not written');
  const payload = await applyPatches(path, `${path}.new`, found.patches);
  const bytes = await readFile(payload.file);
  expect(payload.size).toBe(bytes.length);
  return { bytes, ...found };
}

async function valuesOf(name: string, bytes: Buffer, format: 'csv' | 'json' | 'jsonl') {
  const path = join(folder, `read-${name}`);
  await writeFile(path, bytes);
  const file = await inspectFile(path, name);
  const values: unknown[] = [];
  for await (const batch of readerFor(format).read(file, { encoding: file.encoding() }))
    for (const { value } of batch) values.push(value === null ? null : { ...Object(value) });
  return values;
}

/** Texts that a column keeps as they are. */
const word = fc
  .string({
    unit: fc.constantFrom('a', 'Z', 'é', ' ', '"', ',', ';', '\n', "'", '7', '='),
    minLength: 1,
    maxLength: 12,
  })
  .map((made) => `x${made}x`);
const encodings = {
  'utf-8': (made: string) => Buffer.from(made),
  'utf-8 with a mark': (made: string) => Buffer.from(`\ufeff${made}`),
  'utf-16le': (made: string) => Buffer.from(`\ufeff${made}`, 'utf16le'),
  'utf-16be': (made: string) => Buffer.from(`\ufeff${made}`, 'utf16le').swap16(),
  'windows-1252': (made: string) => Buffer.from(made, 'latin1'),
};

const table = fc.record({
  titles: fc.array(word, { minLength: 1, maxLength: 6 }),
  others: fc.array(fc.string({ unit: fc.constantFrom('b', 'ü', ' ', '9', '-') }), { minLength: 6, maxLength: 6 }),
  quoted: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  endsInLine: fc.boolean(),
  encoding: fc.constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[])),
});

test('a CSV file without edits is the same bytes; with one, only that cell is another', async () => {
  await fc.assert(
    fc.asyncProperty(table, word, fc.nat(), async (given, title, at) => {
      const { titles, others, quoted, delimiter, lineEnd, endsInLine, encoding } = given;
      const cell = (value: string, isQuoted: boolean): string =>
        isQuoted || /["\n\r]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
      const lines = titles.map((own, index) =>
        [`k${index}`, cell(others[index] ?? '', false), cell(own, quoted[index] === true)].join(delimiter),
      );
      const whole =
        [['thing_id', 'é own', 'Name'].join(delimiter), ...lines].join(lineEnd) + (endsInLine ? lineEnd : '');
      const content = encodings[encoding](whole);
      const untouched = await rewritten('things.csv', content, new Map());
      expect(untouched.bytes).toEqual(content);
      const index = at % titles.length;
      const edits = new Map([[keyText([`k${index}`]), { now: { title }, said: { title: titles[index] ?? '' } }]]);
      const { bytes, left } = await rewritten('things.csv', content, edits);
      expect(left).toEqual([]);
      const before = await valuesOf('things.csv', content, 'csv');
      const after = await valuesOf('things.csv', bytes, 'csv');
      expect(after).toEqual(before.map((value, row) => (row === index ? { ...Object(value), Name: title } : value)));
      // All but the edited record, byte for byte.
      const start = content.findIndex((byte, place) => byte !== bytes[place]);
      if (start >= 0) {
        const tail = [...content].reverse().findIndex((byte, place) => byte !== bytes[bytes.length - 1 - place]);
        expect(content.length - tail - start).toBeLessThanOrEqual((lines[index] ?? '').length * 2 + 2);
      }
    }),
    { numRuns: 25 },
  );
});

test('a JSON document keeps its spaces, its order and what nobody knows, also where it escapes what is beyond ASCII', async () => {
  const content = Buffer.from(
    '[\n  {"thing_id" : "k0", "Name":"\\u00e9ins" , "size": 1, "own": {"Name": "x"}},\n\t{ "size":"2",\n "thing_id":"k1","title": null }\n]\n',
  );
  const edits = new Map([
    [keyText(['k0']), { now: { title: 'Größe "7"', size: 3 }, said: { title: 'éins', size: 1 } }],
    [keyText(['k1']), { now: { title: 'two', size: 4 }, said: { title: null, size: 2 } }],
  ]);
  const { bytes, left } = await rewritten('things.json', content, edits);
  expect(left).toEqual([]);
  expect(bytes.toString()).toBe(
    content
      .toString()
      .replace('"\\u00e9ins"', '"Gr\\u00f6\\u00dfe \\"7\\""')
      .replace('"size": 1', '"size": 3')
      .replace('"size":"2"', '"size":"4"')
      .replace('"title": null', '"title": "two"'),
  );
});

test('lines of JSON are written one by one; one that is broken stays as it is', async () => {
  const content = Buffer.from('{"thing_id":"k0","title":"a"}\r\nbroken {\r\n{"thing_id":"k1","title":"b"}');
  const edits = new Map([[keyText(['k1']), { now: { title: 'c' }, said: { title: 'b' } }]]);
  const { bytes } = await rewritten('things.jsonl', content, edits);
  expect(bytes.toString()).toBe(content.toString().replace('"b"', '"c"'));
});

test('what the file says otherwise than the row ever did is somebody else’s word, and stays', async () => {
  const content = Buffer.from('thing_id,Name\nk0,theirs\n');
  const edits = new Map([[keyText(['k0']), { now: { title: 'ours' }, said: { title: 'before' } }]]);
  const { bytes, patches } = await rewritten('things.csv', content, edits);
  expect(patches).toEqual([]);
  expect(bytes).toEqual(content);
});
