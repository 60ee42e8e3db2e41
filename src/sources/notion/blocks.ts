/** The blocks of a page, with those inside of them. */
import type { BlockObjectResponse, ListBlockChildrenResponse } from '@notionhq/client';
import { createPageGuard } from '../kit/page-guard.ts';
import type { Notion } from './client.ts';
import { PROVIDER } from './errors.ts';

export interface Block {
  readonly block: BlockObjectResponse;
  readonly depth: number;
}

/** In reading order. What lies in sub-pages and databases is left out: they are items themselves. @throws ConnectorError */
export async function* blocksOf(notion: Notion, parentId: string, depth = 0): AsyncGenerator<Block> {
  const guard = createPageGuard(PROVIDER);
  for (let cursor: string | undefined; ; ) {
    const page: ListBlockChildrenResponse = await notion.call((client) =>
      client.blocks.children.list({
        block_id: parentId,
        page_size: 100,
        ...(cursor === undefined ? {} : { start_cursor: cursor }),
      }),
    );
    for (const block of page.results) {
      if (!('type' in block)) continue;
      yield { block, depth };
      const isItem = block.type === 'child_page' || block.type === 'child_database';
      if (block.has_children && !isItem) yield* blocksOf(notion, block.id, depth + 1);
    }
    if (!page.has_more || page.next_cursor === null) return;
    cursor = page.next_cursor;
    guard.next(cursor);
  }
}
