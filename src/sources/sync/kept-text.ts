/** The text of an item as it is kept. */
import type { JsonObject } from '../../kernel/json.ts';
import { textFaultIn } from '../../kernel/text-fault.ts';

export interface DocumentText {
  /** As its content says; the name stands in where it says none. */
  readonly title?: string | undefined;
  readonly text: string | null;
  /** Why there is no text, or not all of it. */
  readonly fault: string | null;
  readonly frontMatter: JsonObject;
  readonly author?: string | undefined;
}

/** Characters, as the table takes them. */
const MOST_KEPT = 8_000_000;

/** What the database takes of it: no NUL, no half characters, not without end. */
export function kept(given: Omit<DocumentText, 'frontMatter'> & { readonly frontMatter?: JsonObject }): DocumentText {
  const { text, fault, frontMatter: front = {}, ...rest } = given;
  // An escape in its quotes may stand for what the database refuses.
  const unfit = textFaultIn(front);
  const frontMatter = unfit === undefined ? front : {};
  if (text === null) return { ...rest, text, fault, frontMatter };
  const clean = text.replaceAll('\0', '').toWellFormed();
  const short = clean.slice(0, MOST_KEPT).toWellFormed();
  const faults = [
    fault,
    clean.length < text.length ? 'Characters that cannot be kept are left out.' : null,
    unfit === undefined ? null : `Its fields are left out: ${unfit}`,
    short.length < clean.length ? `Only its first ${MOST_KEPT} characters are kept.` : null,
  ].filter((one) => one !== null);
  return { ...rest, text: short, fault: faults.length === 0 ? null : faults.join(' '), frontMatter };
}
