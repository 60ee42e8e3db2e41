/** The rows of a table. */
import { createHash } from 'node:crypto';
import type { QueryDataSourceResponse } from '@notionhq/client';
import type { Notion } from './client.ts';
import type { Page, Table } from './objects.ts';
import { isFull, isTable } from './objects.ts';
import type { PassState } from './pass.ts';

export interface RowsPage {
  readonly rows: readonly Page[];
  /** '' after the last. */
  readonly next: string;
  /** Whether Notion left some out. */
  readonly isIncomplete: boolean;
}

/** One page of rows, edited at or after `since` where that is not ''. @throws ConnectorError */
export async function queryRows(notion: Notion, tableId: string, page: string, since = ''): Promise<RowsPage> {
  const answer: QueryDataSourceResponse = await notion.call((client) =>
    client.dataSources.query({
      data_source_id: tableId,
      page_size: 100,
      sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
      ...(page === '' ? {} : { start_cursor: page }),
      ...(since === '' ? {} : { filter: { timestamp: 'last_edited_time', last_edited_time: { on_or_after: since } } }),
    }),
  );
  return {
    rows: answer.results.filter(isFull).filter((found): found is Page => !isTable(found)),
    next: answer.has_more ? (answer.next_cursor ?? '') : '',
    isIncomplete: answer.request_status?.type === 'incomplete',
  };
}

/** A sum over rows that no order matters to. */
function sumWith(sum: number, row: Page): number {
  const mark = createHash('sha256').update(`${row.id}|${row.last_edited_time}`).digest().readUIntBE(0, 6);
  return (sum + mark) % 2 ** 48;
}

/** Changes when the table itself does, and when a row comes, goes or is edited. */
export function tableVersion(table: Table, rows: Pick<PassState['rows'], 'count' | 'sum'>): string {
  return [table.last_edited_time, rows.count, rows.sum.toString(36)].join('/');
}

type Counted = Pick<PassState['rows'], 'count' | 'sum' | 'newest'>;

/** `before` with some rows more. */
export function addRows(before: Counted, rows: readonly Page[]): Counted {
  let { count, sum, newest } = before;
  for (const row of rows) {
    count += 1;
    sum = sumWith(sum, row);
    if (row.last_edited_time > newest) newest = row.last_edited_time;
  }
  return { count, sum, newest };
}
