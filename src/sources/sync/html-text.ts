/** A page as Markdown: its words and their order, without what makes it look as it does. */
import TurndownService from 'turndown';

export interface PageText {
  readonly title?: string | undefined;
  readonly text: string;
}

const TITLE = /<title[^>]*>([^<]{1,2000})<\/title>/i;

export function htmlText(html: string): PageText {
  const turndown = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  turndown.remove(['script', 'style', 'noscript', 'title', 'head', 'iframe', 'object']);
  const [, title] = TITLE.exec(html) ?? [];
  return { text: turndown.turndown(html), ...(title !== undefined && { title: turndown.turndown(title).trim() }) };
}
