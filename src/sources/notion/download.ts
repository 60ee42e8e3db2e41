/** The content of an item: pages as Markdown, tables as one file, files from the address of this hour. */
import { ConnectorError, type Download, type ItemRef } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { lengthOf, plainBytes } from '../kit/plain-bytes.ts';
import { restOf } from '../kit/rest-of.ts';
import { textContent } from '../kit/text-content.ts';
import { wholeBody } from '../kit/whole-body.ts';
import { type Notion, type NotionContext, openNotion } from './client.ts';
import { PROVIDER } from './errors.ts';
import { blockFile, type HostedFile, propertyFiles } from './hosted-files.ts';
import { pageItem, tableItem } from './items.ts';
import { isFull, isTable, type Page } from './objects.ts';
import { renderPage } from './page-content.ts';
import { timeOf } from './pass.ts';
import { addRows, tableVersion } from './rows.ts';
import { readAllRows, renderCsv, renderJson } from './table-content.ts';

/** See {@link Connector.download}. */
export async function download(
  ref: ItemRef,
  options: { readonly offset?: number | undefined },
  context: NotionContext,
): Promise<Download> {
  const notion = await openNotion(context);
  const offset = options.offset ?? 0;
  if (ref.kind === 'file') return fileContent(notion, await askFile(notion, ref.id), ref, offset);
  return ref.kind === 'native' ? tableContent(notion, ref, offset) : pageContent(notion, ref, offset);
}

async function pageContent(notion: Notion, ref: ItemRef, offset: number): Promise<Download> {
  const page = await askPage(notion, ref.id);
  requireVersion(ref, page.last_edited_time);
  const { name, mediaType } = pageItem(page, '', '');
  return { ...textContent(await renderPage(notion, page), offset), name, mediaType, version: ref.version };
}

async function tableContent(notion: Notion, ref: ItemRef, offset: number): Promise<Download> {
  const table = await notion.call((client) => client.dataSources.retrieve({ data_source_id: ref.id }));
  if (!isFull(table) || !isTable(table) || table.in_trash) throw gone();
  const rows = await readAllRows(notion, table.id);
  requireVersion(ref, tableVersion(table, addRows({ count: 0, sum: 0, newest: '' }, rows)));
  const format = notion.context.settings.tables === 'json' ? 'json' : 'csv';
  const text = format === 'json' ? renderJson(rows) : renderCsv(rows, Object.keys(table.properties));
  const { name, mediaType } = tableItem(table, '', '', format);
  return { ...textContent(text, offset), name, mediaType, version: ref.version };
}

async function askFile(notion: Notion, id: string): Promise<HostedFile> {
  const [pageId = '', property] = id.split('/');
  if (property !== undefined) {
    const found = propertyFiles(await askPage(notion, pageId)).find((file) => file.id === id);
    if (found !== undefined) return found;
    throw gone();
  }
  const block = await notion.call((client) => client.blocks.retrieve({ block_id: id }));
  const file = 'type' in block && !block.in_trash ? blockFile(block) : undefined;
  if (file !== undefined) return file;
  throw gone();
}

/** Fetched the moment its address is told, and without a token: the address is one. */
async function fileContent(notion: Notion, file: HostedFile, ref: ItemRef, offset: number): Promise<Download> {
  requireVersion(ref, file.version);
  const response = await reach(notion.context, PROVIDER, file.url, {
    headers: plainBytes(offset),
  });
  if (!response.ok) {
    await response.body?.cancel();
    // An address that has run out answers 403: the next attempt asks for another.
    throw answerError(response, { provider: PROVIDER, kind: response.status === 403 ? 'transient' : undefined });
  }
  const start = response.status === 206 ? offset : 0;
  const bytes = lengthOf(response);
  const body = wholeBody(response.body, { provider: PROVIDER, bytes, signal: notion.context.signal });
  return {
    body: offset > start ? restOf(body, offset - start) : body,
    mediaType: response.headers.get('content-type') ?? undefined,
    size: bytes === undefined ? undefined : bytes + start,
    version: file.version,
    name: file.name,
  };
}

async function askPage(notion: Notion, id: string): Promise<Page> {
  const page = await notion.call((client) => client.pages.retrieve({ page_id: id }));
  if (!isFull(page) || isTable(page) || page.in_trash) throw gone();
  return page;
}

function requireVersion(ref: ItemRef, now: string): void {
  if (ref.version === undefined || timeOf(ref.version) === now) return;
  throw new ConnectorError('conflict', 'It was edited since it was listed');
}

function gone(): ConnectorError {
  return new ConnectorError('not-found', 'It is gone, or lies in the trash');
}
