/** Pages, tables and files as items; names and folders as Notion's own export gives them. */
import type { RemoteItem } from '../connector.ts';
import { pathBelow } from '../kit/paths.ts';
import type { HostedFile } from './hosted-files.ts';
import { isTable, type Page, type Table, titleOf } from './objects.ts';

/** `folder`: the titles above it. `version`: of this pass. */
export function pageItem(page: Page, folder: string, version: string): RemoteItem {
  const name = withExtension(titleOf(page), '.md');
  return {
    id: page.id,
    kind: 'page',
    name,
    parentId: parentIdOf(page),
    path: pathBelow(folder, isRow(page) ? withExtension(`${titleOf(page)} ${page.id.slice(-8)}`, '.md') : name),
    version,
    mediaType: 'text/markdown',
    modifiedAt: new Date(page.last_edited_time),
    url: page.url,
    author:
      'name' in page.last_edited_by && typeof page.last_edited_by.name === 'string'
        ? page.last_edited_by.name
        : undefined,
    hasContent: true,
  };
}

/** `format`: as what its rows are offered as a whole. */
export function tableItem(table: Table, folder: string, version: string, format: 'csv' | 'json' | 'none'): RemoteItem {
  const name = format === 'none' ? titleOf(table) : withExtension(titleOf(table), `.${format}`);
  return {
    id: table.id,
    kind: 'native',
    name,
    parentId: parentIdOf(table),
    path: pathBelow(folder, name),
    version,
    mediaType: format === 'none' ? undefined : format === 'csv' ? 'text/csv' : 'application/json',
    modifiedAt: new Date(table.last_edited_time),
    url: table.url,
    hasContent: format !== 'none',
    skipped: format === 'none' ? 'The settings take its rows as pages, and no table as a whole' : undefined,
  };
}

/** `below`: the path of the page that it lies in, without an extension. */
export function fileItem(file: HostedFile, pageId: string, below: string): RemoteItem {
  return {
    id: file.id,
    kind: 'file',
    name: file.name,
    parentId: pageId,
    path: pathBelow(below, file.name),
    version: file.version,
    modifiedAt: new Date(file.editedAt),
    hasContent: true,
  };
}

/** Rows are often named alike, or not at all: the end of the id keeps their paths apart. */
function isRow(page: Page): boolean {
  return page.parent.type === 'data_source_id';
}

function parentIdOf(object: Page | Table): string | undefined {
  const parent = isTable(object) ? object.database_parent : object.parent;
  if (parent.type === 'page_id') return parent.page_id;
  return parent.type === 'data_source_id' ? parent.data_source_id : undefined;
}

function withExtension(name: string, extension: string): string {
  return name.toLowerCase().endsWith(extension) ? name : `${name}${extension}`;
}
