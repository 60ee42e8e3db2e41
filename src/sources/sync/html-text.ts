/** A page as Markdown: its words and their order, without what makes it look as it does. */
import TurndownService from 'turndown';
import { depthOf, plainWords } from './html-words.ts';

export interface PageText {
  readonly title?: string | undefined;
  readonly text: string;
}

const TITLE = /<title[^>]*>([^<]{1,2000})<\/title>/i;

/** Turning markup into Markdown holds the process for seconds each megabyte, and for minutes where elements lie in each other by the thousand. */
const MOST_CHARACTERS = 1_000_000;
const MOST_DEPTH = 300;

/** Of pages that are too large or too deep to be read as such, the words alone. */
export function htmlText(html: string): PageText {
  if (html.length > MOST_CHARACTERS || depthOf(html) > MOST_DEPTH) return { text: plainWords(html) };
  const turndown = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  turndown.remove(['script', 'style', 'noscript', 'title', 'head', 'iframe', 'object']);
  const [, title] = TITLE.exec(html) ?? [];
  return { text: turndown.turndown(html), ...(title !== undefined && { title: turndown.turndown(title).trim() }) };
}
