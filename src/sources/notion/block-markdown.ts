/** A page's blocks as Markdown, for the pages that Notion itself gives only in part. */
import type { BlockObjectResponse, RichTextItemResponse } from '@notionhq/client';
import type { Block } from './blocks.ts';
import { textOf } from './objects.ts';

/** In reading order, children after their parents and deeper. */
export function blocksMarkdown(blocks: readonly Block[]): string {
  const parts: string[] = [];
  for (const [index, { block, depth }] of blocks.entries()) {
    const text = blockText(block);
    if (text === undefined) continue;
    const indent = '  '.repeat(listDepth(blocks, index, depth));
    const isFirstRow = block.type === 'table_row' && blocks[index - 1]?.block.type === 'table';
    const lines =
      isFirstRow && block.type === 'table_row' ? [text, rule(block.table_row.cells.length)] : text.split('\n');
    // Items of a list and rows of a table follow each other closely; all else is set apart by an empty line.
    const isClose = isOfRun(block) && blocks[index - 1] !== undefined && isOfRun(blocks[index - 1]?.block);
    parts.push(`${parts.length === 0 ? '' : isClose ? '\n' : '\n\n'}${lines.map((line) => indent + line).join('\n')}`);
  }
  return parts.join('');
}

function blockText(block: BlockObjectResponse): string | undefined {
  switch (block.type) {
    case 'paragraph':
      return rich(block.paragraph.rich_text);
    case 'heading_1':
      return `# ${rich(block.heading_1.rich_text)}`;
    case 'heading_2':
      return `## ${rich(block.heading_2.rich_text)}`;
    case 'heading_3':
      return `### ${rich(block.heading_3.rich_text)}`;
    case 'heading_4':
      return `#### ${rich(block.heading_4.rich_text)}`;
    case 'bulleted_list_item':
      return `- ${rich(block.bulleted_list_item.rich_text)}`;
    case 'numbered_list_item':
      return `1. ${rich(block.numbered_list_item.rich_text)}`;
    case 'to_do':
      return `- [${block.to_do.checked ? 'x' : ' '}] ${rich(block.to_do.rich_text)}`;
    case 'toggle':
      return `- ${rich(block.toggle.rich_text)}`;
    case 'quote':
      return quote(rich(block.quote.rich_text));
    case 'callout':
      return quote(rich(block.callout.rich_text));
    case 'code':
      return `\`\`\`${block.code.language === 'plain text' ? '' : block.code.language}\n${textOf(block.code.rich_text)}\n\`\`\``;
    case 'equation':
      return `$$${block.equation.expression}$$`;
    case 'divider':
      return '---';
    case 'table_row':
      return `| ${block.table_row.cells.map((cell) => rich(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
    case 'child_page':
      return `[${block.child_page.title}](https://www.notion.so/${block.id.replaceAll('-', '')})`;
    case 'child_database':
      return `[${block.child_database.title}](https://www.notion.so/${block.id.replaceAll('-', '')})`;
    case 'bookmark':
      return link(textOf(block.bookmark.caption), block.bookmark.url);
    case 'embed':
      return link(textOf(block.embed.caption), block.embed.url);
    case 'link_preview':
      return link('', block.link_preview.url);
    default:
      return mediaText(block);
  }
}

/** Files are shown by their names: their addresses open for an hour. */
function mediaText(block: BlockObjectResponse): string | undefined {
  switch (block.type) {
    case 'file':
      return `[${block.file.name}]`;
    case 'image':
      return block.image.type === 'external'
        ? `![${textOf(block.image.caption)}](${block.image.external.url})`
        : `![${textOf(block.image.caption)}]`;
    case 'pdf':
      return `[${textOf(block.pdf.caption) || 'PDF'}]`;
    case 'video':
      return block.video.type === 'external' ? link(textOf(block.video.caption), block.video.external.url) : '[Video]';
    case 'audio':
      return '[Audio]';
    default:
      return undefined;
  }
}

export function rich(parts: readonly RichTextItemResponse[]): string {
  return parts.map(richPart).join('');
}

function richPart({ plain_text: text, href, annotations }: RichTextItemResponse): string {
  if (text.trim() === '') return text;
  // Marks must touch the words: `** bold **` is not bold.
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  let marked = annotations.code ? `\`${words}\`` : words;
  if (annotations.bold) marked = `**${marked}**`;
  if (annotations.italic) marked = `*${marked}*`;
  if (annotations.strikethrough) marked = `~~${marked}~~`;
  return `${before}${href === null ? marked : `[${marked}](${href})`}${after}`;
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function link(caption: string, url: string): string {
  return caption === '' ? `<${url}>` : `[${caption}](${url})`;
}

function rule(columns: number): string {
  return `|${' --- |'.repeat(columns)}`;
}

function isOfRun(block: BlockObjectResponse | undefined): boolean {
  return block !== undefined && /^(bulleted_list_item|numbered_list_item|to_do|toggle|table_row)$/.test(block.type);
}

/** How many lists a block lies in: columns, synced blocks and tables are no indentation. */
function listDepth(blocks: readonly Block[], index: number, depth: number): number {
  let lists = 0;
  let level = depth;
  for (let at = index - 1; at >= 0 && level > 0; at -= 1) {
    const other = blocks[at];
    if (other === undefined || other.depth >= level) continue;
    level = other.depth;
    if (isOfRun(other.block)) lists += 1;
  }
  return lists;
}
