/** Things that were found as events, each once in a pass. */
import type { SyncEvent } from '../connector.ts';
import { pathBelow } from '../kit/paths.ts';
import type { Notion } from './client.ts';
import { isOutOfReach } from './errors.ts';
import { propertyFiles } from './hosted-files.ts';
import { fileItem, pageItem, tableItem } from './items.ts';
import { type Found, isFull, isTable, type Page, type Table, titleOf } from './objects.ts';
import { isNews, isUnsettled, type NotionState, type PassState, versionOf, withSeen } from './pass.ts';
import { tableVersion } from './rows.ts';
import type { Tree } from './tree.ts';

/** Each returns the pass with what it has found in it. */
export interface Teller {
  /** Something of a search or of a table's rows. A table is told once its rows were read: they are part of its version. */
  found(found: Found, pass: PassState): AsyncGenerator<SyncEvent, PassState>;
  /** A page that is known by its id alone; nothing where it is out of reach but its fault. */
  missing(pageId: string, pass: PassState): AsyncGenerator<SyncEvent, PassState>;
  /** A table whose rows have been read in this pass. */
  table(table: Table, pass: PassState): AsyncGenerator<SyncEvent, PassState>;
  /** Has it walked; nothing where it was found before. `key`: as in the pass. */
  add(key: string, pass: PassState): void;
  knows(key: string): boolean;
  /** The path of what lies in a page. */
  inside(page: Page): Promise<string>;
}

export function createTeller(notion: Notion, tree: Tree, state: NotionState, known: readonly string[]): Teller {
  const keys = new Set(known);
  const add = (key: string, pass: PassState): void => {
    if (!keys.has(key)) pass.known.push(key);
    keys.add(key);
  };
  const { settings } = notion.context;
  const inside = async (page: Page): Promise<string> => pathBelow(await tree.folderOf(page), titleOf(page));

  async function* tellPage(page: Page, pass: PassState): AsyncGenerator<SyncEvent, PassState> {
    const version = versionOf(page.last_edited_time, pass);
    const seen = withSeen(pass, page.id, version);
    // Asked for again because of the overlap, and told by the last pass as it is.
    if (!isNews(page.id, page.last_edited_time, pass, state)) return seen;
    yield { type: 'upsert', item: pageItem(page, await tree.folderOf(page), version) };
    for (const file of settings.files ? propertyFiles(page) : []) {
      yield { type: 'upsert', item: fileItem(file, page.id, await inside(page)) };
    }
    add(`p${page.id}`, seen);
    return seen;
  }

  async function* found(object: Found, pass: PassState): AsyncGenerator<SyncEvent, PassState> {
    if (keys.has(keyOf(object))) return pass;
    if (!isFull(object)) return object.object === 'page' ? yield* missing(object.id, pass) : pass;
    tree.note(object);
    if (object.in_trash) return pass;
    if (!isTable(object)) return yield* tellPage(object, pass);
    add(`d${object.id}`, pass);
    return pass;
  }

  async function* missing(pageId: string, pass: PassState): AsyncGenerator<SyncEvent, PassState> {
    try {
      const page = await notion.call((client) => client.pages.retrieve({ page_id: pageId }));
      return isFull(page) ? yield* found(page, pass) : pass;
    } catch (thrown) {
      if (!isOutOfReach(thrown)) throw thrown;
      yield { type: 'item-error', ref: { id: pageId, kind: 'page' }, error: thrown };
      return pass;
    }
  }

  return {
    found,
    missing,
    add,
    knows: (key) => keys.has(key),
    inside,
    async *table(table, pass) {
      const version = settings.tables === 'none' ? versionOf(table.last_edited_time, pass) : rowsVersion(table, pass);
      yield { type: 'upsert', item: tableItem(table, await tree.folderOf(table), version, settings.tables) };
      return pass;
    },
  };
}

/** A row that may be edited again under the same time leaves the whole table unsettled. */
function rowsVersion(table: Table, pass: PassState): string {
  const { rows } = pass;
  return `${tableVersion(table, rows)}${isUnsettled(rows.newest, pass) ? `~${pass.started}` : ''}`;
}

function keyOf(object: Found): string {
  return `${object.object === 'page' ? 'p' : 'd'}${object.id}`;
}
