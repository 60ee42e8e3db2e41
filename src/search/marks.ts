/** Marking what was found in a line of text, and making HTML of that. */

/** Characters of private use: a text has none, and HTML is made of them only after all else is escaped. */
const OPEN = '\u{E000}';
const CLOSE = '\u{E001}';
/** What is taken out of a text before it is marked. */
export const MARKS = `${OPEN}${CLOSE}`;
/** The database sets the characters of unspaced scripts apart with it, and we punctuation. */
const APART = '\u001F';

const MARKED = `StartSel=${OPEN},StopSel=${CLOSE}`;
const OPTIONS = {
  /** The best pieces of a longer text. */
  pieces: `${MARKED},MaxFragments=2,MaxWords=24,MinWords=8,FragmentDelimiter=" … "`,
  /** All of a short text. */
  whole: `${MARKED},HighlightAll=true`,
};

/** Where a word ends is where the parser sees it end: before punctuation that is not ASCII it sees none. */
const apart = (text: string) =>
  `CASE WHEN octet_length(${text}) = char_length(${text}) THEN ${text}
        ELSE regexp_replace(${text}, '([^[:alnum:][:space:]\\u0001-\\u007F])', chr(31) || '\\1' || chr(31), 'g') END`;

/**
 * SQL of a line of `text` with the words found between marks; NULL where none is in it. English finds other forms of a
 * word; `simple` finds the words as they were typed. Where the searcher left accents out, only the text without its accents
 * holds the words, so the line is of that. `marks` and `typed` are the places of {@link MARKS} and of what was typed.
 */
export function markedSql(
  text: string,
  name: '' | 'any_',
  extent: keyof typeof OPTIONS,
  { marks, typed }: { readonly marks: string; readonly typed: string },
): string {
  const options = OPTIONS[extent];
  const tries = [
    `ts_headline('pg_catalog.english', ${apart(text)}, asked.${name}english, '${options}')`,
    `ts_headline('pg_catalog.simple', ${apart(text)}, websearch_to_tsquery('pg_catalog.simple', ${typed}), '${options}')`,
    // Words of one character are no short words to be cut from the ends of a line.
    `ts_headline('pg_catalog.simple', search_text(${text}, 1000000), asked.${name}simple, '${options},ShortWord=0')`,
  ];
  // A line without a mark becomes NULL, so each is made once and only if those before found nothing.
  return `coalesce(${tries.map((one) => `substring(${one} from '^.*' || left(${marks}, 1) || '.*$')`).join(', ')})`;
}

/** The line as HTML: the text escaped, what was found in `<mark>`. */
export function asHtml(line: string): string {
  return line
    .replaceAll(APART, '')
    .replaceAll(`${CLOSE}${OPEN}`, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(OPEN, '<mark>')
    .replaceAll(CLOSE, '</mark>');
}

export const isMarked = (line: string): boolean => line.includes(OPEN);
