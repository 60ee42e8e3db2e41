/** Words that stand where a value should: they mean "nothing", and never overwrite a value. */

const WORDS = new Set([
  '',
  'to be extracted',
  'tbd',
  'not provided',
  'not visible',
  'not available',
  'not specified',
  'n/a',
  'unknown',
  'to be assigned',
]);
const LONGEST = Math.max(...[...WORDS].map((word) => word.length));
/** Brackets, a full stop on either side of the closing one, and spaces that a placeholder may carry. */
const MARGIN = 8;
const REMAINDER = /^\[?([a-z/ ]{1,20})\.?\]?\.? based on (?:the )?content:\s*["“”'](.+)["“”']\.?$/i;

/** Whether a text means "nothing": in any case, in square brackets or not, with or without a full stop. */
export function isPlaceholder(text: string): boolean {
  if (text.length > LONGEST + MARGIN) return text.trim() === '';
  if (!mayBegin(text)) return false;
  let word = text.trim();
  if (word.endsWith('.')) word = word.slice(0, -1);
  if (word.startsWith('[') && word.endsWith(']')) word = word.slice(1, -1).trim();
  if (word.endsWith('.')) word = word.slice(0, -1);
  return WORDS.has(word.toLowerCase());
}

/** The value behind a placeholder that has one (`Not Provided. Based on content: "X"` → `X`), else undefined. */
export function placeholderRemainder(text: string): string | undefined {
  if (!mayBegin(text)) return undefined;
  const match = REMAINDER.exec(text.trim());
  return match?.[1] !== undefined && isPlaceholder(match[1]) ? match[2]?.trim() : undefined;
}

/** Begins with a letter that placeholders begin with, a bracket or a space: most values do not. */
function mayBegin(text: string): boolean {
  return text === '' || text.charCodeAt(0) <= 0x20 || 'tnuTNU['.includes(text.charAt(0));
}
