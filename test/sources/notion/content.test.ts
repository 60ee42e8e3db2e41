/** What is in pages, tables and files, and Notion's signed calls. */
import { signWebhookPayload } from '@notionhq/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RemoteItem } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/notion.ts';
import { notionWebhooks } from '../../../src/sources/notion/webhooks.ts';
import { createFollower, failure, fetchItem } from '../../support/follower.ts';
import { richText, rowOf } from '../../support/notion-world.ts';
import { FILES, openNotionFake } from '../../support/providers/notion.ts';

let notion: Awaited<ReturnType<typeof openNotionFake>>;
beforeAll(async () => {
  notion = await openNotionFake({ settings: { tables: 'csv' } });
});
afterAll(() => notion.close());

async function itemsByPath(): Promise<Map<string | undefined, RemoteItem>> {
  const follower = createFollower(connector, notion.context);
  await follower.follow();
  return new Map([...follower.world.values()].map((item) => [item.path, item]));
}

async function read(path: string, settings?: object): Promise<string> {
  const item = (await itemsByPath()).get(path);
  if (item === undefined) throw new Error(`${path} was not told of`);
  const context = notion.context();
  const given =
    settings === undefined ? context : { ...context, settings: { ...Object(context.settings), ...settings } };
  return (await fetchItem(connector, given, item)).toString('utf8');
}

const SIGNED = '?X-Amz-Expires=3600&X-Amz-Signature=abc';

test('a page is Markdown with its properties as front matter, and no address in it opens a file', async () => {
  notion.world.page({
    title: 'Interview',
    markdown: `Said **much**.\n\n![](${FILES}/w/1/pic.png${SIGNED})\n`,
    properties: {
      Status: { id: 's', type: 'status', status: { id: '1', name: 'done', color: 'green' } },
      Tags: {
        id: 't',
        type: 'multi_select',
        multi_select: [
          { id: '1', name: 'a' },
          { id: '2', name: 'b' },
        ],
      },
      When: { id: 'w', type: 'date', date: { start: '2026-01-02', end: '2026-01-03', time_zone: null } },
      Score: { id: 'n', type: 'formula', formula: { type: 'number', number: 0.5 } },
      Nobody: { id: 'p', type: 'people', people: [] },
    },
  });
  const text = await read('Interview.md');
  expect(text).toContain('---\ntitle: Interview\n');
  expect(text).toContain(
    'Status: done\nTags:\n  - a\n  - b\nWhen:\n  start: 2026-01-02\n  end: 2026-01-03\nScore: 0.5\nNobody: []\n---\n\nSaid **much**.',
  );
  expect(text).toContain(`![](${FILES}/w/1/pic.png)`);
  expect(text).not.toContain('X-Amz');
});

test('a page that Notion gives in part is read block by block', async () => {
  const page = notion.world.page({ title: 'Long', markdown: 'The beg', truncated: true });
  const { block } = notion.world;
  block(page.id, 'heading_1', { rich_text: [richText('Part one')] });
  const bold = { bold: true, italic: false, strikethrough: false, underline: false, code: false, color: 'default' };
  block(page.id, 'paragraph', {
    rich_text: [richText('It is '), richText('so ', { annotations: bold }), richText('long')],
  });
  const item = block(page.id, 'bulleted_list_item', { rich_text: [richText('outer')] }, true);
  block(item.id, 'to_do', { rich_text: [richText('inner')], checked: true });
  block(page.id, 'bulleted_list_item', { rich_text: [richText('next')] });
  const table = block(page.id, 'table', { table_width: 2, has_column_header: true, has_row_header: false }, true);
  for (const cells of [
    ['a', 'b'],
    ['1', '2|3'],
  ]) {
    block(table.id, 'table_row', { cells: cells.map((cell) => [richText(cell)]) });
  }
  expect(await read('Long.md')).toContain(
    '# Part one\n\nIt is **so** long\n\n- outer\n  - [x] inner\n- next\n\n| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n',
  );
});

test('a table is one file that a dataset can claim, as CSV or as JSON', async () => {
  const table = notion.world.table('Queue');
  const size = (number: number | null) => ({ Size: { id: 'n', type: 'number', number } });
  const first = notion.world.page({ title: 'One, "quoted"', parent: rowOf(table), properties: size(1) });
  notion.world.page({ title: 'Two', parent: rowOf(table), properties: size(null) });
  const [head, one, two] = (await read('Queue.csv')).split('\n');
  expect(head).toBe('Name,Size,notion_id,notion_url,notion_created_time,notion_last_edited_time');
  expect(one).toContain(`"One, ""quoted""",1,${first.id},https://www.notion.so/`);
  expect(two).toMatch(/^Two,,/);
  expect(JSON.parse(await read('Queue.csv', { tables: 'json' }))).toMatchObject([
    { Name: 'One, "quoted"', Size: 1, notion_id: first.id },
    { Name: 'Two', Size: null },
  ]);
});

test('a property of more values than a page tells is read to its last', async () => {
  const relation = Array.from({ length: 60 }, (_, number) => ({ id: `page-${number}` }));
  notion.world.page({ title: 'Linked', properties: { Links: { id: 'r%3A', type: 'relation', relation } } });
  expect(await read('Linked.md')).toContain('  - page-24\n  - page-25\n');
  expect(await read('Linked.md')).toContain('  - page-59\n---');
});

test('files in blocks and in properties are items, fetched from an address of their own without a token', async () => {
  const url = (name: string): string => `${FILES}/w/2/${name}${SIGNED}`;
  const file = {
    name: 'extra.csv',
    type: 'file',
    file: { url: url('extra.csv'), expiry_time: '2026-01-01T00:00:00.000Z' },
  };
  const page = notion.world.page({
    title: 'With files',
    properties: { Files: { id: 'f', type: 'files', files: [file] } },
  });
  notion.world.block(page.id, 'file', { name: 'rows.csv', type: 'file', caption: [], file: { url: url('rows.csv') } });
  notion.world.block(page.id, 'image', {
    type: 'external',
    caption: [],
    external: { url: 'https://example.com/x.png' },
  });
  notion.world.files.set('/w/2/rows.csv', Buffer.from('a\n1\n'));
  notion.world.files.set('/w/2/extra.csv', Buffer.from('b\n2\n'));
  const items = [...(await itemsByPath()).values()].filter(({ kind }) => kind === 'file');
  expect(items.map(({ path, version }) => [path, version]).sort()).toEqual([
    ['With files/extra.csv', '/w/2/extra.csv'],
    ['With files/rows.csv', '/w/2/rows.csv'],
  ]);
  expect(await read('With files/rows.csv')).toBe('a\n1\n');
  expect(await read('With files/extra.csv')).toBe('b\n2\n');
  const [item] = items;
  const rest = await connector.download({ id: item?.id ?? '', kind: 'file' }, { offset: 2 }, notion.context() as never);
  expect(await new Response(rest.body).text()).toMatch(/^[12]\n$/);
});

test('a page in the trash is gone, and so is a file of it', async () => {
  const page = notion.world.page({ title: 'Trash', inTrash: true });
  const download = (id: string, kind: 'page' | 'file') =>
    connector.download({ id, kind }, {}, notion.context() as never);
  expect(await failure(download(page.id, 'page'))).toMatchObject({ kind: 'not-found' });
  expect(await failure(download(`${page.id}/f/0`, 'file'))).toMatchObject({ kind: 'not-found' });
});

test('a signed call says that its workspace is dirty; a handshake is told and believed in nothing', async () => {
  const call = async (body: object, token: string) => {
    const text = JSON.stringify(body);
    const signature = await signWebhookPayload({ body: text, verificationToken: token });
    const headers = new Headers({ 'x-notion-signature': signature });
    const url = new URL('https://hub.example/webhooks/sources/notion');
    return notionWebhooks.receive({ method: 'POST', url, headers, body: Buffer.from(text) }, 'token');
  };
  const event = { type: 'page.content_updated', workspace_id: 'workspace-1', entity: { id: 'p', type: 'page' } };
  expect(await call(event, 'token')).toEqual({ dirty: ['workspace-1'], status: 200 });
  expect(await call(event, 'another')).toEqual({ dirty: [], status: 401 });
  expect(await call({ verification_token: 'offered' }, 'another')).toEqual({
    dirty: [],
    status: 200,
    offeredSecret: 'offered',
  });
});
