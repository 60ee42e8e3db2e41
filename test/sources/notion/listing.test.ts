/** What Notion's search leaves out, what it tells late, and what it does not tell at all. */
import { afterEach, expect, test } from 'vitest';
import type { SyncEvent } from '../../../src/sources/connector.ts';
import connector from '../../../src/sources/connectors/notion.ts';
import { createFollower } from '../../support/follower.ts';
import { rowOf } from '../../support/notion-world.ts';
import { openNotionFake } from '../../support/providers/notion.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((place) => place.close()));
});

async function opened(settings: object = {}) {
  const notion = await openNotionFake({ settings, pageSize: 2 });
  open.push(notion);
  return { notion, world: notion.world, follower: createFollower(connector, notion.context) };
}

function told(events: readonly SyncEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'upsert' ? [event.item.path ?? ''] : [])).sort();
}

test('a sub-page, a table and its rows that search leaves out are found by walking, under their parents’ titles', async () => {
  const { world, follower } = await opened();
  const wiki = world.page({ title: 'Wiki / all' });
  const hidden = world.page({ title: 'Hidden', hidden: true, parent: { type: 'page_id', page_id: wiki.id } });
  const column = world.block(wiki.id, 'column_list', {}, true);
  world.block(column.id, 'paragraph', { rich_text: [] });
  world.block(wiki.id, 'child_page', { title: 'Hidden' });
  const blocks = world.blocks.get(wiki.id) ?? [];
  world.blocks.set(
    wiki.id,
    blocks.map((block) => (block.type === 'child_page' ? { ...block, id: hidden.id } : block)),
  );
  const tasks = world.table('Tasks', { type: 'page_id', page_id: hidden.id });
  const row = world.page({ title: 'Fix it', hidden: true, parent: rowOf(tasks) });
  const events = await follower.follow();
  expect(told(events)).toEqual([
    'Wiki ∕ all.md',
    'Wiki ∕ all/Hidden.md',
    'Wiki ∕ all/Hidden/Tasks',
    `Wiki ∕ all/Hidden/Tasks/Fix it ${row.id.slice(-8)}.md`,
  ]);
  expect(events.at(-1)).toMatchObject({ coverage: 'full' });
});

test('a root is followed though search knows nothing of it; one that is not shared is told as a fault', async () => {
  const shared = await opened();
  const root = shared.world.page({ title: 'Root', hidden: true });
  const address = `https://www.notion.so/team/Root-${root.id.replaceAll('-', '')}?pvs=4`;
  const of = (roots: string[]) => ({ ...shared.notion.context(), settings: { roots, tables: 'none', files: true } });
  const follower = createFollower(connector, () => of([address]));
  expect(told(await follower.follow())).toEqual(['Root.md']);
  shared.world.page({ id: root.id, shared: false });
  const events = await follower.follow({ full: true });
  expect(events.filter(({ type }) => type === 'item-error')).toMatchObject([
    { ref: { id: root.id }, error: { kind: 'not-found' } },
  ]);
});

test('a listing that says that it is incomplete leaves nothing to conclude', async () => {
  const { world, follower } = await opened();
  world.page({ title: 'One' });
  world.isIncomplete = true;
  expect((await follower.follow()).at(-1)).toMatchObject({ type: 'complete', coverage: 'partial' });
});

test('a page that cannot be read any more leaves nothing to conclude of what lies in it', async () => {
  const { notion, world } = await opened();
  const page = world.page({ title: 'Closed' });
  const { fetch } = notion.context();
  const closed: typeof globalThis.fetch = async (input, init) =>
    String(input).includes('/children')
      ? Response.json({ object: 'error', status: 404, code: 'object_not_found', message: 'no' }, { status: 404 })
      : fetch(input, init);
  const follower = createFollower(connector, () => ({ ...notion.context(), fetch: closed }));
  const events = await follower.follow();
  expect(events.filter(({ type }) => type === 'item-error')).toMatchObject([{ ref: { id: page.id } }]);
  expect(events.at(-1)).toMatchObject({ coverage: 'partial' });
});

test('the overlap tells nothing twice, and walks nothing twice', async () => {
  const { notion, world, follower } = await opened({ tables: 'csv' });
  for (const title of ['One', 'Two', 'Three']) world.page({ title });
  world.page({ title: 'Row', parent: rowOf(world.table('Table')) });
  await follower.follow();
  const before = notion.requests('any');
  expect(told(await follower.follow())).toEqual([]);
  // Who we are, two searches of what was edited, the trash, the tables, and the table with its changed rows.
  expect(notion.requests('any') - before).toBeLessThanOrEqual(7);
});

test('what is edited twice within a minute, with a pass between, is told twice', async () => {
  const { world, follower } = await opened();
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  const page = world.page({ title: 'Busy', edited: minute });
  await follower.follow();
  const before = follower.world.get(page.id)?.version;
  await new Promise((resolve) => setTimeout(resolve, 2));
  world.page({ id: page.id, markdown: 'again', edited: minute });
  await follower.follow();
  expect(follower.world.get(page.id)?.version).not.toBe(before);
});

test('what is put into the trash is deleted by the next pass; a row takes its table to another version', async () => {
  const { world, follower } = await opened({ tables: 'csv' });
  const table = world.table('Table');
  const row = world.page({ title: 'Row', parent: rowOf(table) });
  const page = world.page({ title: 'Page' });
  await follower.follow();
  const before = follower.world.get(table.id)?.version;
  world.page({ id: row.id, inTrash: true });
  world.page({ id: page.id, inTrash: true });
  const events = await follower.follow();
  expect(events.filter(({ type }) => type === 'delete').map((event) => ('id' in event ? event.id : ''))).toEqual([
    page.id,
    row.id,
  ]);
  expect(follower.world.get(table.id)?.version).not.toBe(before);
  expect(told(events)).toEqual(['Table.csv']);
});
