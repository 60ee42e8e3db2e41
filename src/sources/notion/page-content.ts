/** A page as a Markdown file: its properties as front matter, its text below. */
import { stringify } from 'yaml';
import { ConnectorError } from '../connector.ts';
import { blocksMarkdown } from './block-markdown.ts';
import { type Block, blocksOf } from './blocks.ts';
import type { Notion } from './client.ts';
import { withoutSignatures } from './hosted-files.ts';
import { type Page, titleOf } from './objects.ts';
import { propertiesOf } from './property-value.ts';
import { wholePage } from './whole-page.ts';

/** @throws ConnectorError */
export async function renderPage(notion: Notion, told: Page): Promise<string> {
  const page = await wholePage(notion, told);
  const facts = {
    title: titleOf(page),
    notion_id: page.id,
    url: page.url,
    created: page.created_time,
    edited: page.last_edited_time,
    ...(page.icon?.type === 'emoji' ? { icon: page.icon.emoji } : {}),
    ...propertiesOf(page),
  };
  const text = withoutSignatures(await pageText(notion, page.id)).trim();
  return `---\n${stringify(facts)}---\n\n${text}\n`;
}

/** Notion's own Markdown; of a page that is too long for it, of its blocks. */
async function pageText(notion: Notion, pageId: string): Promise<string> {
  const told = await notion.call((client) => client.pages.retrieveMarkdown({ page_id: pageId }));
  if (!told.truncated && told.unknown_block_ids.length === 0) return told.markdown;
  const blocks: Block[] = [];
  for await (const block of blocksOf(notion, pageId)) {
    blocks.push(block);
    if (blocks.length > MOST_BLOCKS)
      throw new ConnectorError('too-large', `The page has more than ${MOST_BLOCKS} blocks`);
  }
  return blocksMarkdown(blocks);
}

/** A page of 100,000 blocks is a mistake, and would take an hour of requests. */
const MOST_BLOCKS = 100_000;
