/** Questions near to one that finds little: its words replaced by similar ones that rows do say. */
import type { Query } from '../database/session.ts';
import { findHits, type Search } from './hits.read.ts';
import { slipsBetween } from './nearness.ts';
import { readQuestion } from './question.ts';

export interface Suggestion {
  /** What to search instead. */
  readonly query: string;
  readonly totalCount: number;
}

/** A question with this many hits is not asking for others. */
export const FEW_HITS = 3;
/** Swapped letters leave a short word few trigrams: below the extension's own 0.3. What is too far is left out by its letters. */
const LEAST_SIMILAR = '0.15';
/** Of so many by trigrams the nearest by letters are taken: swapped letters leave few trigrams. */
const NEAREST = 300;
const MOST_WORDS = 5;
const PLAIN_WORD = /^\p{L}{3,40}$/u;

interface Near {
  readonly asked: string;
  readonly word: string;
  readonly letters: string;
  readonly asked_letters: string;
  readonly seen: number;
}

/** What finds little, `found` hits: at most `limit` questions that find more, the nearest first; none where the question finds enough, or nothing is near. */
export async function suggest(
  query: Query,
  search: Search,
  text: string,
  found: number,
  limit: number,
): Promise<Suggestion[]> {
  const words = wordsOf(search.question.terms);
  if (words.length === 0 || search.sources.length === 0 || found >= FEW_HITS) return [];
  const near = await nearWords(query, words);
  const suggestions: Suggestion[] = [];
  for (const attempt of attempts(text, near, limit)) {
    if (suggestions.length === limit) break;
    const totalCount = (await findHits(query, { ...search, question: readQuestion(attempt) })).hits.length;
    if (totalCount > found) suggestions.push({ query: attempt, totalCount });
  }
  return suggestions;
}

const wordsOf = (terms: readonly string[]): string[] => {
  const words = terms.flatMap((term) => term.split(/\s+/u)).filter((word) => PLAIN_WORD.test(word));
  return [...new Set(words.map((word) => word.toLowerCase()))].slice(0, MOST_WORDS);
};

/** For each word the words that may be meant, the most likely first; words that nothing is near to are not in it. */
async function nearWords(query: Query, words: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  await query('similarity', "SELECT set_config('pg_trgm.similarity_threshold', $1, true)", [LEAST_SIMILAR]);
  const rows = await query<Near>(
    'near words',
    `SELECT asked.word AS asked, asked.letters AS asked_letters, near.word, near.letters, near.seen
       FROM (SELECT word, latin_letters(word) AS letters FROM unnest($1::text[]) AS given(word)) asked
      CROSS JOIN LATERAL (
            SELECT w.word, w.letters, w.seen FROM search_words w
             WHERE w.letters % asked.letters
             ORDER BY similarity(w.letters, asked.letters) DESC, w.seen DESC, w.word
             LIMIT $2
           ) near`,
    [words, NEAREST],
  );
  const close = rows
    .map((row) => ({
      ...row,
      slips: slipsBetween(row.asked_letters, row.letters) + (isLatin(row.asked) === isLatin(row.word) ? 0 : 1),
    }))
    .filter(({ asked, word, slips }) => word !== asked && slips <= mostSlips(asked))
    .toSorted((a, b) => a.slips - b.slips || b.seen - a.seen || (a.word < b.word ? -1 : 1));
  return new Map(
    [...Map.groupBy(close, ({ asked }) => asked)].map(([asked, list]) => [asked, list.map(({ word }) => word)]),
  );
}

/** A word of another alphabet that sounds alike is meant less often. */
const isLatin = (word: string): boolean => /^\p{Script=Latin}/u.test(word);

/** A short word with two other letters is another word. */
const mostSlips = (word: string): number => (word.length <= 4 ? 1 : word.length <= 7 ? 2 : 3);

/** One word replaced after the other, and all of them at once, in the order of likelihood; never the question itself. */
function attempts(text: string, near: ReadonlyMap<string, readonly string[]>, limit: number): string[] {
  const made = new Set<string>();
  for (let place = 0; place < limit; place += 1) {
    const all = new Map([...near].map(([asked, words]) => [asked, words[Math.min(place, words.length - 1)] ?? asked]));
    for (const [asked, words] of near) {
      const one = words[place];
      if (one !== undefined) made.add(replaced(text, new Map([[asked, one]])));
    }
    if (near.size > 1) made.add(replaced(text, all));
  }
  made.delete(text);
  return [...made].slice(0, limit * 2);
}

const replaced = (text: string, words: ReadonlyMap<string, string>): string =>
  text.replace(/\p{L}+/gu, (word) => words.get(word.toLowerCase()) ?? word);
