/** The members of one JSON object as they are written, so that one value can be replaced and all else stays as it is. */

export interface ValueSpan {
  /** Indexes into the object's text. */
  readonly start: number;
  readonly end: number;
}

const SPACE = /[ \t\r\n]/;

/** Spans of the values by name; of a name that comes twice the last, which is the one that counts. @param text valid JSON */
export function memberSpans(text: string): Map<string, ValueSpan> {
  const members = new Map<string, ValueSpan>();
  let at = behindSpace(text, 0);
  if (text[at] !== '{') return members;
  at = behindSpace(text, at + 1);
  while (text[at] === '"') {
    const nameEnd = behindString(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const start = behindSpace(text, behindSpace(text, nameEnd) + 1);
    const end = behindValue(text, start);
    members.set(String(name), { start, end });
    at = behindSpace(text, end);
    if (text[at] !== ',') break;
    at = behindSpace(text, at + 1);
  }
  return members;
}

/** A value as JSON; in a text that escapes what is beyond ASCII, it is escaped too. */
export function writeValue(text: string, value: unknown): string {
  const written = JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for
  if (!/\\u[\da-f]{4}/i.test(text) || /[^\u0000-\u007f]/.test(text)) return written;
  return written.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function behindSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text[at] ?? '')) at += 1;
  return at;
}

function behindString(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function behindValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = behindString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return trimmed(text, start, at);
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (character === ',' && depth === 0) return trimmed(text, start, at);
    at += 1;
  }
  return at;
}

/** The end of a number or a word before a comma or bracket. */
function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && SPACE.test(text[at - 1] ?? '')) at -= 1;
  return at;
}
