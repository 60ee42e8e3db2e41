/** The paths of pages: Notion tells a parent, which may be a page, a table, or a block within a page. */
import { pathBelow } from '../kit/paths.ts';
import type { Notion } from './client.ts';
import { isOutOfReach } from './errors.ts';
import { isFull, isTable, type Page, type Table, titleOf } from './objects.ts';

type Parent = Page['parent'] | Table['parent'] | Table['database_parent'];

interface Node {
  /** Undefined of a block: it is no folder. */
  readonly title: string | undefined;
  /** Undefined at the top, and where what lies above is not shared with us. */
  readonly parent: Parent | undefined;
}

export interface Tree {
  note(object: Page | Table): void;
  /** The titles above it, joined. What was never told is asked for. @throws ConnectorError */
  folderOf(object: Page | Table): Promise<string>;
}

/** Deeper than people build: a circle of parents ends here. */
const DEEPEST = 100;

export function createTree(notion: Notion): Tree {
  const nodes = new Map<string, Node>();
  const known = async (parent: Parent): Promise<Node | undefined> => {
    const asked = askFor(parent);
    if (asked === undefined) return undefined;
    const found = nodes.get(asked.id) ?? (await asked.node(notion));
    nodes.set(asked.id, found);
    return found;
  };
  return {
    note: (object) => void nodes.set(object.id, nodeOf(object)),
    async folderOf(object) {
      const titles: string[] = [];
      let node = await known(nodeOf(object).parent ?? object.parent);
      for (let depth = 0; node !== undefined && depth < DEEPEST; depth += 1) {
        if (node.title !== undefined) titles.push(node.title);
        node = node.parent === undefined ? undefined : await known(node.parent);
      }
      return titles.reduceRight(pathBelow, '');
    },
  };
}

/** A database that holds one table is the same to people: its own title is not shown again. */
function nodeOf(object: Page | Table): Node {
  return { title: titleOf(object), parent: isTable(object) ? object.database_parent : object.parent };
}

/** What has to be asked for the parent; undefined at the top. */
function askFor(parent: Parent): { readonly id: string; readonly node: (notion: Notion) => Promise<Node> } | undefined {
  if (parent.type === 'page_id') return { id: parent.page_id, node: (notion) => pageNode(notion, parent.page_id) };
  if (parent.type === 'data_source_id') {
    return { id: parent.data_source_id, node: (notion) => tableNode(notion, parent.data_source_id) };
  }
  if (parent.type === 'database_id') {
    return { id: parent.database_id, node: (notion) => databaseNode(notion, parent.database_id) };
  }
  if (parent.type === 'block_id') return { id: parent.block_id, node: (notion) => blockNode(notion, parent.block_id) };
  return undefined;
}

const TOP: Node = { title: undefined, parent: undefined };

async function pageNode(notion: Notion, id: string): Promise<Node> {
  const page = await within(notion.call((client) => client.pages.retrieve({ page_id: id })));
  return page !== undefined && isFull(page) ? nodeOf(page) : TOP;
}

async function tableNode(notion: Notion, id: string): Promise<Node> {
  const table = await within(notion.call((client) => client.dataSources.retrieve({ data_source_id: id })));
  return table !== undefined && isFull(table) ? nodeOf(table) : TOP;
}

async function databaseNode(notion: Notion, id: string): Promise<Node> {
  const database = await within(notion.call((client) => client.databases.retrieve({ database_id: id })));
  return database !== undefined && 'parent' in database ? { title: undefined, parent: database.parent } : TOP;
}

async function blockNode(notion: Notion, id: string): Promise<Node> {
  const block = await within(notion.call((client) => client.blocks.retrieve({ block_id: id })));
  return block !== undefined && 'parent' in block ? { title: undefined, parent: block.parent } : TOP;
}

/** Undefined where it is not shared with us: what lies below it is then shown at the top. */
async function within<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isOutOfReach(thrown)) return undefined;
    throw thrown;
  }
}
