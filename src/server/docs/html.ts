/** HTML written by hand: what is text is escaped once, here. */
import { escapeHtml } from '../pages.ts';

/** Markup that may stand in a page as it is. */
export interface Markup {
  readonly markup: string;
}

export type Part = Markup | string | number | undefined | readonly Part[];

/** A template whose values are escaped, unless they are markup themselves: html`<p>${text}</p>`. */
export function html(fixed: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: fixed.reduce((text, next, index) => text + markupOf(values[index - 1]) + next) };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map(markupOf).join('');
}

/** A description's text: paragraphs at blank lines, code between backticks, nothing else. */
export function prose(text: string | null | undefined): Markup {
  const paragraphs = (text ?? '').split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`;
}

/** One line of a description. */
export function inline(text: string): Part {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** What a description says first. */
export function firstSentence(text: string | null | undefined): string {
  const [first = ''] = (text ?? '').split(/\n{2,}/);
  return /^.*?[.;:](?=\s|$)/s.exec(first)?.[0].replace(/[;:]$/, '.') ?? first;
}
