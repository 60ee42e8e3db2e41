import { expect, test } from 'vitest';
import { originals, readAll, spooled } from '../../support/spooled.ts';

test('a bad line is a fault, the rest goes in, and each span is its line', async () => {
  const deep = '['.repeat(100_000);
  const file = await spooled('a.jsonl', `{"a": "ї"}\r\n\n{"a": \n${deep}\n[1]\n"last"`);
  const records = await readAll(file);
  expect(records.map(({ line }) => line)).toEqual([1, 3, 4, 5, 6]);
  expect(records.map(({ value, fault }) => fault ?? value)).toEqual([
    { a: 'ї' },
    expect.stringContaining('the text ends'),
    expect.stringContaining('deeper than 64'),
    [1],
    'last',
  ]);
  expect(await originals(file, records)).toEqual(['{"a": "ї"}', '{"a":', deep, '[1]', '"last"']);
});

test('lines longer than a window are read whole', async () => {
  const long = { a: 'ї'.repeat(400_000) };
  const file = await spooled('a.ndjson', `${JSON.stringify(long)}\n${JSON.stringify(long)}\n`);
  expect((await readAll(file)).map(({ value }) => value)).toEqual([long, long]);
});

test('blank lines alone are an empty file', async () => {
  await expect(readAll(await spooled('a.jsonl', '\n \n'))).rejects.toMatchObject({ code: 'FILE_EMPTY' });
});
