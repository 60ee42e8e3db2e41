import { describe, expect, test } from 'vitest';
import { parseMarkdown } from '../../../src/ingest/read/markdown.ts';
import { readAll, spooled } from '../../support/spooled.ts';

const one = async (content: string | Uint8Array) => (await readAll(await spooled('a.md', content)))[0];

describe('a Markdown file is one record', () => {
  test('its front matter, its body with LF line ends', async () => {
    const record = await one(
      '---\r\ntitle: A: b\r\n'.replace('A: b', '"A: b"') +
        'n: 9007199254740993\r\ntags: [x, 2]\r\n---\r\n# Body\r\ntext\r\n',
    );
    expect(record).toMatchObject({
      line: 1,
      value: {
        front_matter: { title: 'A: b', n: '9007199254740993', tags: ['x', 2] },
        text: '# Body\ntext\n',
        json: null,
      },
    });
  });

  test.each([
    ['bare', '[{"a": 1}]'],
    ['fenced', '```json\n[{"a": 1}]\n```\n'],
    ['behind front matter', '---\nx: 1\n---\n\n[{"a": 1}]\n'],
  ])('JSON that is the whole body is read too: %s', async (_name, content) => {
    expect((await one(content))?.value).toMatchObject({ json: [{ a: 1 }] });
  });

  test('JSON with text around it, or broken JSON, stays text', async () => {
    expect((await one('see\n[1]\n'))?.value).toMatchObject({ json: null });
    expect((await one('[1, 2\n'))?.value).toMatchObject({ json: null, text: '[1, 2\n' });
  });

  test.each([
    ['a rule, not front matter', 'text\n---\nmore\n---\n'],
    ['rules around prose', '---\njust a sentence\n---\nmore\n'],
    ['front matter of another language is text, never run', '---js\nmodule.exports = process.exit(3)\n---\nbody\n'],
  ])('%s', async (_name, content) => {
    expect((await one(content))?.value).toMatchObject({ front_matter: null, text: content });
  });
});

describe('what cannot be kept is a fault', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, i) => `${key}: &${key} [${`*${'abcdefghi'.charAt(i)},`.repeat(9)}]`).join('\n')}\n`;
  test.each([
    ['an alias bomb', bomb, /front matter cannot be read/],
    ['an unknown tag', 'x: !!js/function "function () {}"\n', /front matter cannot be read/],
    ['a key twice', 'x: 1\nx: 2\n', /front matter cannot be read/],
    ['an open bracket', 'x: [1\n', /front matter cannot be read/],
    ['20,000 levels', `x: ${'['.repeat(20_000)}\n`, /nested deeper/],
  ])('%s', async (_name, yaml, fault) => {
    // What the first front matter loads is not counted.
    await parseMarkdown('---\nx: 1\n---\n');
    const started = performance.now();
    expect(await parseMarkdown(`---\n${yaml}---\nbody\n`)).toEqual({ fault: expect.stringMatching(fault) });
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('a NUL', async () => {
    expect(await one('a\0b')).toMatchObject({ value: null, fault: expect.stringContaining('NUL') });
  });

  test('blank lines alone are an empty file', async () => {
    await expect(one(' \n\n')).rejects.toMatchObject({ code: 'FILE_EMPTY' });
  });

  test('a transcript of 3 MB is one record', async () => {
    const text = 'слово '.repeat(300_000);
    expect((await one(text))?.value).toMatchObject({ text });
  });
});
