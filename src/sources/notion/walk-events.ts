/** The walking part of a pass: every page and table that was found is read for what lies in it. */
import type { SyncEvent } from '../connector.ts';
import { createPageGuard } from '../kit/page-guard.ts';
import { blocksOf } from './blocks.ts';
import type { Notion } from './client.ts';
import { isOutOfReach, PROVIDER } from './errors.ts';
import { blockFile } from './hosted-files.ts';
import { fileItem } from './items.ts';
import { isFull, isTable } from './objects.ts';
import { isNews, NO_ROWS, type NotionState, type PassState, sinceOf, versionOf, withSeen } from './pass.ts';
import { addRows, queryRows } from './rows.ts';
import type { Teller } from './tell.ts';

interface Walk {
  readonly notion: Notion;
  readonly state: NotionState;
  readonly teller: Teller;
  readonly save: (pass: PassState) => SyncEvent;
}

/** Walked between two checkpoints, at least: a cursor of thousands of ids is not written for every page. */
const STRIDE = 20;

export async function* walkEvents(
  notion: Notion,
  state: NotionState,
  start: PassState,
  teller: Teller,
  save: (pass: PassState) => SyncEvent,
): AsyncGenerator<SyncEvent, PassState> {
  const walk: Walk = { notion, state, teller, save };
  let pass = start;
  for (let key = pass.known[pass.walked]; key !== undefined; key = pass.known[pass.walked]) {
    const id = key.slice(1);
    pass = yield* key.startsWith('p') ? pageContent(id, pass, walk) : tableContent(id, pass, walk);
    pass = { ...pass, walked: pass.walked + 1, rows: NO_ROWS };
    if (pass.walked % Math.max(STRIDE, Math.ceil(pass.known.length / 50)) === 0) yield save(pass);
  }
  return pass;
}

/** Sub-pages and tables that search left out, and files. */
async function* pageContent(pageId: string, before: PassState, walk: Walk): AsyncGenerator<SyncEvent, PassState> {
  const { notion, state, teller } = walk;
  const since = sinceOf(state, before);
  let pass = before;
  let inside: string | undefined;
  try {
    for await (const { block } of blocksOf(notion, pageId)) {
      // An older sub-page was told by an earlier pass, and whoever edits it makes it newer.
      const isNew = block.last_edited_time >= since;
      if (block.type === 'child_page' && isNew && !teller.knows(`p${block.id}`)) {
        pass = yield* teller.missing(block.id, pass);
      }
      if (block.type === 'child_database' && isNew) await addTables(block.id, pass, walk);
      const file = notion.context.settings.files ? blockFile(block) : undefined;
      if (file === undefined) continue;
      inside ??= await pathInside(pageId, walk);
      yield { type: 'upsert', item: fileItem(file, pageId, inside) };
    }
    return pass;
  } catch (thrown) {
    if (!isOutOfReach(thrown)) throw thrown;
    // What lies in it is unknown, so that nothing may be taken as gone.
    yield { type: 'item-error', ref: { id: pageId, kind: 'page' }, error: thrown };
    return { ...pass, partial: true };
  }
}

async function pathInside(pageId: string, { notion, teller }: Walk): Promise<string> {
  const page = await notion.call((client) => client.pages.retrieve({ page_id: pageId }));
  return isFull(page) && !isTable(page) ? teller.inside(page) : '';
}

/** A view of a database that lies elsewhere looks like a database and is out of reach: its own place tells it. */
async function addTables(databaseId: string, pass: PassState, { notion, teller }: Walk): Promise<void> {
  try {
    const database = await notion.call((client) => client.databases.retrieve({ database_id: databaseId }));
    for (const { id } of 'data_sources' in database ? database.data_sources : []) teller.add(`d${id}`, pass);
  } catch (thrown) {
    if (!isOutOfReach(thrown)) throw thrown;
  }
}

/** The rows that search left out; and the table itself, once all of its rows are counted. */
async function* tableContent(tableId: string, before: PassState, walk: Walk): AsyncGenerator<SyncEvent, PassState> {
  const { notion, state, teller } = walk;
  let pass = before;
  try {
    const table = await notion.call((client) => client.dataSources.retrieve({ data_source_id: tableId }));
    if (!isFull(table)) return pass;
    if (!pass.full) {
      const changed = yield* changedRows(tableId, pass, walk);
      const isDirty = changed.isDirty || isNews(tableId, table.last_edited_time, pass, state);
      pass = withSeen(changed.pass, tableId, versionOf(table.last_edited_time, pass));
      if (!isDirty && !pass.dirty.includes(tableId)) return pass;
    }
    if (pass.full || notion.context.settings.tables !== 'none') pass = yield* allRows(tableId, pass, walk);
    return yield* teller.table(table, withSeen(pass, tableId, versionOf(table.last_edited_time, pass)));
  } catch (thrown) {
    if (!isOutOfReach(thrown)) throw thrown;
    yield { type: 'item-error', ref: { id: tableId, kind: 'native' }, error: thrown };
    return { ...pass, partial: true };
  }
}

/** Every row as an event, where no pass told it; the pass counts them, and goes on counting where it was broken off. */
async function* allRows(tableId: string, before: PassState, walk: Walk): AsyncGenerator<SyncEvent, PassState> {
  const guard = createPageGuard(PROVIDER);
  let pass = before;
  for (;;) {
    const { rows, next, isIncomplete } = await queryRows(walk.notion, tableId, pass.rows.page);
    for (const row of rows) pass = yield* walk.teller.found(row, pass);
    pass = { ...pass, rows: { ...addRows(pass.rows, rows), page: next }, partial: pass.partial || isIncomplete };
    if (next === '') return pass;
    guard.next(next);
    yield walk.save(pass);
  }
}

/** The rows that were edited since the last pass, and whether there are any. */
async function* changedRows(
  tableId: string,
  before: PassState,
  { notion, state, teller }: Walk,
): AsyncGenerator<SyncEvent, { readonly pass: PassState; readonly isDirty: boolean }> {
  const guard = createPageGuard(PROVIDER);
  let pass = before;
  let isDirty = false;
  for (let page = ''; ; ) {
    const { rows, next, isIncomplete } = await queryRows(notion, tableId, page, sinceOf(state, pass));
    for (const row of rows) {
      isDirty ||= isNews(row.id, row.last_edited_time, pass, state);
      pass = yield* teller.found(row, pass);
    }
    pass = { ...pass, partial: pass.partial || isIncomplete };
    if (next === '') return { pass, isDirty };
    guard.next(next);
    page = next;
  }
}
