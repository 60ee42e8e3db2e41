import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseJson } from '../../../src/ingest/read/json-parse.ts';
import { parsePath } from '../../../src/ingest/read/json-path.ts';
import { originals, readAll, spooled } from '../../support/spooled.ts';

const values = async (content: string | Uint8Array, records?: string) =>
  (await readAll(await spooled('a.json', content), { records })).map(({ value, fault }) => fault ?? value);

describe('records are found where the path says', () => {
  const document = '{"info": {"n": [1]}, "a": {"list": [{"x": 1}, {"x": [2, "]"]}]}, "b c": [[1, 2], [3]]}';
  test.each([
    [undefined, [JSON.parse(document)]],
    ['$', [JSON.parse(document)]],
    ['$.a.list[*]', [{ x: 1 }, { x: [2, ']'] }]],
    ['$.a.list[1].x[*]', [2, ']']],
    ["$['b c'][*][*]", [1, 2, 3]],
    ['$["b c"][0]', [[1, 2]]],
    ['$.info.n', [[1]]],
  ])('%s', async (path, expected) => {
    expect(await values(document, path)).toEqual(expected);
  });

  test('without a path a list is its elements and anything else one record', async () => {
    expect(await values(' [1, {"a": null}, "x", true, [], -2.5e3]\n')).toEqual([1, { a: null }, 'x', true, [], -2500]);
    expect(await values('42')).toEqual([42]);
    expect(await values('[]')).toEqual([]);
  });

  test('an empty list is no record; a path that leads nowhere is an error, or the file would be taken for empty', async () => {
    expect(await values('{"channels": []}', '$.channels[*]')).toEqual([]);
    await expect(values('{"canals": [1]}', '$.channels[*]')).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    await expect(values('{"channels": {}}', '$.channels[*]')).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
    await expect(values('[1]', '$.a')).rejects.toMatchObject({ code: 'FILE_MALFORMED' });
  });

  test.each(['$..a', '$.a[?(@.b)]', 'a.b', '$.*', '$[1:2]', '$.a[', ''])('the path “%s” is refused', (path) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  test('lines and bytes are those of each record', async () => {
    const file = await spooled('a.json', '\ufeff{"ї": "ї",\n "a": [\n  {"x": "ї"},\n  {"x":\n 2}, 7\n]}\n');
    const records = await readAll(file, { records: '$.a[*]' });
    expect(records.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect(await originals(file, records)).toEqual(['{"x": "ї"}', '{"x":\n 2}', '7']);
  });
});

describe('a damaged document gives an error with its line, and nothing of it', () => {
  test.each([
    ['cut in a record', '[{"a": 1},\n{"a": ', 2],
    ['cut between records', '[{"a": 1},\n', 2],
    ['cut in a text', '[{"a": 1},\n\n"x', 3],
    ['cut before its last bracket', '[1, 2', 1],
    ['a comma too many', '[{"a": 1,\n}]', 2],
    ['no comma', '[1\n 2]', 2],
    ['text behind the end', '[1]\n[2]', 2],
    ['no colon', '{"a"\n 1}', 2],
    ['a bare word', '[1,\nnope]', 2],
    ['a bad escape', '["a",\n"\\x"]', 2],
    ['a leading zero', '[01]', 1],
    ['a damaged value that is not asked for', '{"skip": [1,,2],\n "a": [1]}', 1],
  ])('%s', async (_name, content, line) => {
    const path = content.startsWith('{') ? '$.a[*]' : undefined;
    await expect(values(content, path)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      message: expect.stringContaining(`line ${line}:`),
    });
  });

  test.each([
    ['nothing', '', 'FILE_EMPTY'],
    ['spaces', ' \n ', 'FILE_EMPTY'],
    ['100,000 objects in objects', '{"a":'.repeat(100_000), 'NESTED_TOO_DEEP'],
    ['a key of the document given twice', '{"a": [1], "a": [2]}', 'FILE_MALFORMED'],
  ])('%s', async (_name, content, code) => {
    const path = content.startsWith('{"a": [') ? '$.a[*]' : undefined;
    await expect(values(content, path)).rejects.toMatchObject({ code });
  });

  test('a record of a list that is nested too deep is a fault, and the others are read', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const tooDeep = expect.stringContaining('deeper than 64');
    expect(await values(`[{"a": 1}, ${deep}, {"a": 2}]`)).toEqual([{ a: 1 }, tooDeep, { a: 2 }]);
  });

  test('64 levels are read, 65 are not, wherever the record starts', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(await values(nested(64), '$')).toHaveLength(1);
    await expect(values(nested(65), '$')).rejects.toMatchObject({ code: 'NESTED_TOO_DEEP' });
    await expect(values(`{"skip": ${nested(64)}, "a": []}`, '$.a[*]')).rejects.toMatchObject({
      code: 'NESTED_TOO_DEEP',
    });
  });
});

describe('nothing of a record is changed in silence', () => {
  test('numbers that a double cannot hold keep their text', async () => {
    expect(
      await values('[9007199254740993, 123456789012345678901234567890, 0.12345678901234567, 1e400, 1.50, 0.0]'),
    ).toEqual(['9007199254740993', '123456789012345678901234567890', '0.12345678901234567', '1e400', 1.5, 0]);
  });

  test.each([
    ['a key given twice', '{"a": 1, "a": 2}', /twice/],
    ['half a surrogate pair', '{"a": "\\ud800"}', /surrogate/],
    ['an escaped NUL', '{"a": "x\\u0000"}', /NUL/],
    ['a NUL', '{"a": "x\0"}', /NUL/],
    ['a NUL in a key', '{"\\u0000": 1}', /NUL/],
  ])('%s is a fault of its record alone', async (_name, bad, fault) => {
    expect(await values(`[{"a": 0}, ${bad}, {"a": 3}]`)).toEqual([{ a: 0 }, expect.stringMatching(fault), { a: 3 }]);
  });

  test('__proto__ is a key', async () => {
    const [value] = await values('[{"__proto__": {"x": 1}}]');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('what JSON.stringify wrote is what is read, across every window', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 20 }), async (list) => {
        const expected = JSON.parse(JSON.stringify(list));
        const parsed = parseJson(JSON.stringify(list, null, 1));
        if (parsed.is === 'value') expect(JSON.parse(JSON.stringify(parsed.value))).toEqual(restated(expected));
        else expect(parsed.is).toBe('fault');
      }),
    );
  });
});

/** As {@link JSON.parse} gave it, with the numbers that do not survive as text. */
function restated(value: unknown): unknown {
  if (typeof value === 'number') return exact(value);
  if (Array.isArray(value)) return value.map(restated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restated(inner)]));
}

function exact(number: number): unknown {
  const parsed = parseJson(JSON.stringify(number));
  return parsed.is === 'value' && typeof parsed.value === 'string' ? JSON.stringify(number) : number;
}

test('records longer than a window are read whole', async () => {
  const long = 'ї"\\'.repeat(300_000);
  const list = [{ a: long }, { a: 1 }, { b: long, c: [long] }];
  expect(await values(JSON.stringify({ skip: long, list }), '$.list[*]')).toEqual(list);
});

test('a list far larger than the heap passes', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-json-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'big.json');
  const out = createWriteStream(path);
  out.write('[');
  const record = JSON.stringify({ id: 1, title: 'x'.repeat(400), tags: ['a', 'b', { c: 'd'.repeat(100) }] });
  const block = Array.from({ length: 2000 }, () => record).join(',\n');
  for (let i = 0; i < 120; i += 1) if (!out.write((i === 0 ? '' : ',\n') + block)) await once(out, 'drain');
  out.end(']');
  await once(out, 'finish');
  const script = `
    import { statSync } from 'node:fs';
    import { jsonReader } from '${new URL('../../../src/ingest/read/json.ts', import.meta.url).href}';
    import { fileFacts } from '${new URL('../../../src/ingest/read/source.ts', import.meta.url).href}';
    const file = { path: process.argv[1], facts: fileFacts('big.json', new Date(0)), size: statSync(process.argv[1]).size };
    let count = 0;
    for await (const batch of jsonReader.read(file, { encoding: 'utf-8' })) count += batch.length;
    console.log(count);`;
  // A fifth of the file, as 200 MB are of a gigabyte.
  const child = spawnSync(process.execPath, ['--max-old-space-size=30', '--input-type=module', '-e', script, path]);
  expect(child.stderr.toString()).toBe('');
  expect(child.stdout.toString().trim()).toBe('240000');
});
