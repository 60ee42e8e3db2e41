/** JSON from outside, bounded before it is parsed and never echoed: a parser's message quotes the body. */
import { HttpError } from './http-error.ts';
import { repeatedKey } from './repeated-key.ts';

/** Deeper values overflow the stack of whoever walks them later. */
export const MOST_NESTED = 64;

/** Characters of a client's own key that it is told. */
const SHOWN_KEY = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The value that a body holds. `contentType` may name UTF-8 and nothing else.
 * @throws HttpError 415 for another encoding, 400 for what is no JSON, nested too deep or gives a key twice
 */
export function parseJsonBody(bytes: Buffer, contentType: string): unknown {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  if ((charset !== undefined && !/^utf-?8$/i.test(charset)) || startsAsUtf16(bytes)) {
    throw new HttpError(415, 'BAD_USER_INPUT', 'JSON is read as UTF-8 only', { hint: 'Send the body as UTF-8.' });
  }
  if (isNestedDeeper(bytes, MOST_NESTED)) {
    throw new HttpError(400, 'LIMIT_EXCEEDED', `JSON may be nested ${MOST_NESTED} deep at most`);
  }
  return parseJsonText(decode(bytes));
}

/** @throws HttpError 400 for what is no JSON or gives a key twice, without another word of the text */
export function parseJsonText(text: string): unknown {
  const value = parsed(text);
  const twice = repeatedKey(text);
  if (twice === undefined) return value;
  throw new HttpError(400, 'BAD_USER_INPUT', 'A JSON object gives a key twice', {
    path: twice.slice(0, SHOWN_KEY).toWellFormed(),
    hint: 'Give each key once: only the last one would count.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed();
  }
}

function malformed(): HttpError {
  return new HttpError(400, 'BAD_USER_INPUT', 'The body is not valid JSON');
}

/** By its byte order mark, or by the NUL that UTF-16 puts beside the first brace. */
function startsAsUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
}

/** Whether brackets outside strings open more than `limit` levels. One pass over the bytes. */
function isNestedDeeper(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
      if (at === -1) return false;
    } else if (byte === BRACKET || byte === BRACE) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === BRACKET_END || byte === BRACE_END) depth -= 1;
  }
  return false;
}

/** Where the string that begins at `from` ends; -1 where it does not. Most of a large body is in strings. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}
