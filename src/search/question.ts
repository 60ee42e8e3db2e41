/** What a search is asked for, in the words that people type. */
export interface Question {
  /** Words, "phrases" and `or`: what `websearch_to_tsquery` reads, without any exclusion. */
  readonly wanted: string;
  /** Every word and "phrase" with a minus before it, any of which is one too many; empty for none. */
  readonly unwanted: string;
  /** The wanted words and phrases one by one, a phrase without its quotes. */
  readonly terms: readonly string[];
  /** Whether it is wanted words of plain letters alone, of which no language makes a phrase. */
  readonly isPlain: boolean;
}

/** Characters of a query. */
export const LONGEST_QUERY = 1_000;

/** A word or a phrase, with its minuses. A minus inside a word or a phrase is part of it. */
const TERM = /(-*)("[^"]*"?|[^\s"]+)/gu;
const PLAIN_TERM = /^[A-Za-z]+$/;
/** Operators of other languages than this one. Left in, `(-pool` would mean every row without a pool. */
const OPERATORS = /[()|&!<>*\\]+/gu;
/** `-(pool` means `-pool`. */
const AFTER_MINUS = /(?<=-)[()|&!<>*\\]+/gu;
/** Control characters, and the invisible ones that turn text around or stand between letters: nobody searches for them. */
const UNSEEN = /[\p{Cc}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu;
/**
 * Scripts without a space between words, as `search_text` of the database knows them: there every character is a word,
 * and what is typed in one go is meant in one go.
 */
const UNSPACED =
  /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005\u3041-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\u{20000}-\u{3FFFF}]+/gu;

/** Phrases in the quotes of other languages, and as word processors write them. */
const QUOTES = /[“”„‟«»＂]/gu;

/** Outside its "phrases", every part of the text goes through `change`. */
const outsidePhrases = (text: string, change: (part: string) => string): string =>
  text.replace(/("[^"]*"?)|([^"]+)/gu, (_, phrase?: string, part?: string) => phrase ?? change(part ?? ''));

/**
 * Tells what is not wanted from what is. Both are searched in two languages at once, and a row that one of them finds must
 * not be let in by the other's not knowing the unwanted word: `-pool` leaves out pools as well.
 */
export function readQuestion(text: string): Question {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const terms: string[] = [];
  const plain = outsidePhrases(text.replaceAll(UNSEEN, ' ').replaceAll(QUOTES, '"'), (part) =>
    part.replaceAll(AFTER_MINUS, '').replaceAll(OPERATORS, ' '),
  );
  for (const [, minus = '', term = ''] of plain.matchAll(TERM)) {
    const words = term.replaceAll('"', '').trim();
    if (!/[\p{L}\p{N}]/u.test(words)) continue;
    if (minus !== '') unwanted.push(`"${words}"`);
    else if (term.startsWith('"')) wanted.push(`"${words}"`);
    else wanted.push(words.replaceAll(UNSPACED, ' "$&" ').trim());
    const isAlternative = !term.startsWith('"') && words.toLowerCase() === 'or';
    if (minus === '' && !isAlternative) terms.push(words);
  }
  return {
    wanted: withoutLooseEnds(wanted).join(' '),
    unwanted: unwanted.join(' or '),
    terms,
    isPlain: unwanted.length === 0 && wanted.every((term) => PLAIN_TERM.test(term)),
  };
}

/** What of a question, beside its words, the statement depends on that answers it. */
export function questionShape(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > LONGEST_QUERY) return null;
  const { wanted, unwanted, isPlain } = readQuestion(text);
  return [wanted === '', unwanted === '', isPlain];
}

/** An `or` with nothing on one side of it, as the removal of what is unwanted leaves it, would be searched as a word. */
function withoutLooseEnds(terms: readonly string[]): string[] {
  const isOr = (term: string | undefined) => term?.toLowerCase() === 'or';
  if (terms.length === 1) return [...terms];
  const kept: string[] = [];
  for (const term of terms) {
    if (!isOr(term) || (kept.length > 0 && !isOr(kept.at(-1)))) kept.push(term);
  }
  if (isOr(kept.at(-1))) kept.pop();
  return kept;
}
