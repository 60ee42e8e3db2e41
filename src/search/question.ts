/** What a search is asked for, in the words that people type. */
export interface Question {
  /** Words, "phrases" and `or`. */
  readonly wanted: string;
  /** Every word and "phrase" with a minus before it, any of which is one too many; empty for none. */
  readonly unwanted: string;
}

/** A word or a phrase, with its minus. A minus inside a word or a phrase is part of it. */
const TERM = /(-?)("[^"]*"?|[^\s"]+)/gu;

/**
 * Tells what is not wanted from what is. Both are searched in two languages at once, and a row that one of them finds must
 * not be let in by the other's not knowing the unwanted word: `-pool` leaves out pools as well.
 */
export function readQuestion(text: string): Question {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const [, minus, term = ''] of text.matchAll(TERM)) {
    if (minus === '-') unwanted.push(`"${term.replaceAll('"', '')}"`);
    else wanted.push(term);
  }
  return { wanted: wanted.join(' '), unwanted: unwanted.join(' or ') };
}
