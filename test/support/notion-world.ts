/** A workspace in memory, in the shapes of Notion's API. Its clock goes on by a minute with every edit: Notion tells no more. */
import { randomUUID } from 'node:crypto';

export type Json = { readonly [name: string]: unknown };

export interface FakeBlock extends Json {
  readonly id: string;
  readonly type: string;
  readonly has_children: boolean;
}

export interface FakePage {
  readonly id: string;
  readonly title: string;
  readonly parent: Json;
  readonly properties: Json;
  readonly markdown: string;
  readonly truncated: boolean;
  readonly edited: string;
  readonly inTrash: boolean;
  /** Whether search tells of it. */
  readonly hidden: boolean;
  /** Whether it is shared with us. */
  readonly shared: boolean;
}

export interface FakeTable {
  readonly id: string;
  readonly databaseId: string;
  readonly title: string;
  readonly parent: Json;
  readonly edited: string;
}

export interface NotionWorld {
  readonly pages: Map<string, FakePage>;
  readonly tables: Map<string, FakeTable>;
  /** By the id of what holds them. */
  readonly blocks: Map<string, readonly FakeBlock[]>;
  readonly files: Map<string, Uint8Array>;
  /** Whether searches and queries say that they left something out. */
  isIncomplete: boolean;
  /** Makes or changes a page; what is left out stays. */
  readonly page: (rest?: Partial<FakePage>) => FakePage;
  readonly table: (title: string, parent?: Json) => FakeTable;
  readonly block: (parentId: string, type: string, rest: Json, hasChildren?: boolean) => FakeBlock;
  readonly put: (path: string, content: string | Uint8Array) => string;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
  readonly tick: () => string;
}

export const WORKSPACE = { type: 'workspace', workspace: true };

export function createNotionWorld(): NotionWorld {
  const [pages, tables, blocks, files] = [
    new Map<string, FakePage>(),
    new Map<string, FakeTable>(),
    new Map<string, readonly FakeBlock[]>(),
    new Map<string, Uint8Array>(),
  ];
  const paths = new Map<string, string>();
  let clock = Date.UTC(2026, 0, 5, 9);
  const tick = (): string => {
    clock += 60_000;
    return new Date(clock).toISOString();
  };
  const idAt = (path: string): string => {
    const id = paths.get(path);
    if (id === undefined) throw new Error(`There is nothing at ${path}`);
    return id;
  };
  const world: NotionWorld = {
    pages,
    tables,
    blocks,
    files,
    isIncomplete: false,
    tick,
    page(rest = {}) {
      const id = rest.id ?? randomUUID();
      const before = pages.get(id) ?? {
        id,
        title: '',
        parent: WORKSPACE,
        properties: {},
        markdown: '',
        truncated: false,
        inTrash: false,
        hidden: false,
        shared: true,
      };
      const page = { ...before, edited: tick(), ...rest };
      pages.set(id, page);
      return page;
    },
    table(title, parent = WORKSPACE) {
      const table = { id: randomUUID(), databaseId: randomUUID(), title, parent, edited: tick() };
      tables.set(table.id, table);
      return table;
    },
    block(parentId, type, rest, hasChildren = false) {
      const block = {
        object: 'block',
        id: randomUUID(),
        parent: { type: 'page_id', page_id: parentId },
        created_time: tick(),
        last_edited_time: tick(),
        has_children: hasChildren,
        in_trash: false,
        type,
        [type]: rest,
      };
      blocks.set(parentId, [...(blocks.get(parentId) ?? []), block]);
      return block;
    },
    put(path, content) {
      const parts = path.split('/');
      const markdown = Buffer.from(content).toString('utf8');
      const folder = parts.length > 1 ? parts[0] : undefined;
      const known = paths.get(path);
      const table =
        folder === undefined
          ? undefined
          : ([...tables.values()].find(({ title }) => title === folder) ?? world.table(folder));
      const parent = table === undefined ? WORKSPACE : rowOf(table);
      const { id } = world.page({
        ...(known === undefined ? { title: parts.at(-1) ?? '', parent } : { id: known }),
        markdown,
      });
      paths.set(path, id);
      return id;
    },
    remove(path) {
      for (const [known, id] of [...paths]) {
        if (known !== path && !known.startsWith(`${path}/`)) continue;
        world.page({ id, inTrash: true });
        paths.delete(known);
      }
    },
    move(from, to) {
      const id = idAt(from);
      paths.delete(from);
      paths.set(to, world.page({ id, title: to.split('/').at(-1) ?? '' }).id);
    },
  };
  return world;
}

/** The parent of a table's row. */
export function rowOf(table: FakeTable): Json {
  return { type: 'data_source_id', data_source_id: table.id, database_id: table.databaseId };
}

export function richText(text: string, rest: Json = {}): Json {
  const annotations = {
    bold: false,
    italic: false,
    strikethrough: false,
    underline: false,
    code: false,
    color: 'default',
  };
  return { type: 'text', text: { content: text, link: null }, plain_text: text, href: null, annotations, ...rest };
}

export function shownPage(page: FakePage): Json {
  const { id, parent, edited, inTrash } = page;
  return {
    object: 'page',
    id,
    parent,
    created_time: '2026-01-01T08:00:00.000Z',
    last_edited_time: edited,
    created_by: { object: 'user', id: 'user-1' },
    last_edited_by: { object: 'user', id: 'user-1' },
    in_trash: inTrash,
    is_archived: false,
    is_locked: false,
    icon: null,
    cover: null,
    url: `https://www.notion.so/${id.replaceAll('-', '')}`,
    public_url: null,
    properties: {
      Name: { id: 'title', type: 'title', title: [richText(page.title)] },
      ...firstValues(page.properties),
    },
  };
}

/** Of a list, Notion tells the first 25 values. */
function firstValues(properties: Json): Json {
  const cut = (value: unknown): unknown => (Array.isArray(value) ? value.slice(0, 25) : value);
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      Object.fromEntries(Object.entries(Object(property)).map(([key, value]) => [key, cut(value)])),
    ]),
  );
}

export function shownTable(table: FakeTable): Json {
  return {
    object: 'data_source',
    id: table.id,
    title: [richText(table.title)],
    description: [],
    parent: { type: 'database_id', database_id: table.databaseId },
    database_parent: table.parent,
    is_inline: false,
    in_trash: false,
    created_time: '2026-01-01T08:00:00.000Z',
    last_edited_time: table.edited,
    created_by: { object: 'user', id: 'user-1' },
    last_edited_by: { object: 'user', id: 'user-1' },
    properties: { Name: { id: 'title', name: 'Name', type: 'title', title: {} } },
    icon: null,
    cover: null,
    url: `https://www.notion.so/${table.id.replaceAll('-', '')}`,
    public_url: null,
  };
}
