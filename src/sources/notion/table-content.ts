/** A table as one file: a row for each page, a column for each property, so that a dataset can claim it. */
import { createPageGuard } from '../kit/page-guard.ts';
import type { Notion } from './client.ts';
import { PROVIDER } from './errors.ts';
import { type Page, titleOf } from './objects.ts';
import { type PlainValue, propertiesOf } from './property-value.ts';
import { queryRows } from './rows.ts';
import { wholePage } from './whole-page.ts';

export async function readAllRows(notion: Notion, tableId: string): Promise<Page[]> {
  const guard = createPageGuard(PROVIDER);
  const found = new Map<string, Page>();
  for (let page = ''; ; ) {
    const { rows, next } = await queryRows(notion, tableId, page);
    for (const row of rows) found.set(row.id, await wholePage(notion, row));
    if (next === '') return [...found.values()];
    guard.next(next);
    page = next;
  }
}

type Row = Readonly<Record<string, PlainValue>>;

/** `titleName`: what people call the column of the title. */
function rowOf(page: Page): Row {
  const [titleName = 'title'] = Object.entries(page.properties)
    .filter(([, property]) => property.type === 'title')
    .map(([name]) => name);
  return {
    [titleName]: titleOf(page),
    ...propertiesOf(page),
    notion_id: page.id,
    notion_url: page.url,
    notion_created_time: page.created_time,
    notion_last_edited_time: page.last_edited_time,
  };
}

export function renderJson(pages: readonly Page[]): string {
  return `${JSON.stringify(pages.map(rowOf), null, 2)}\n`;
}

/** Several values of one cell stand behind each other, with `, ` between them. `names`: of the table's own columns, in order. */
export function renderCsv(pages: readonly Page[], names: readonly string[]): string {
  const rows = pages.map(rowOf);
  const own = ['notion_id', 'notion_url', 'notion_created_time', 'notion_last_edited_time'];
  const columns = [...new Set([...names, ...rows.flatMap((row) => Object.keys(row)), ...own])];
  const ordered = [...columns.filter((name) => !own.includes(name)), ...own];
  const lines = [ordered, ...rows.map((row) => ordered.map((name) => cellOf(row[name] ?? null)))];
  return lines.map((line) => `${line.map(quoted).join(',')}\n`).join('');
}

function cellOf(value: PlainValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return value.map(cellOf).join(', ');
  const { start, end } = value;
  return start === undefined ? JSON.stringify(value) : `${cellOf(start)}/${cellOf(end ?? null)}`;
}

function isList(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
