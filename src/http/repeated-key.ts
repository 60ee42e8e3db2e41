/** Keys that JSON gives twice: a parser takes the last one and drops the others without a word. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The first key that an object of `text`, which is valid JSON, gives twice. One pass. */
export function repeatedKey(text: string): string | undefined {
  const around: (Set<string> | undefined)[] = [];
  // Of the object that is open; of a list none.
  let keys: Set<string> | undefined;
  let isKeyDue = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfText(text, at);
      if (isKeyDue && keys !== undefined) {
        const key = keyIn(text, at, end);
        if (keys.has(key)) return key;
        keys.add(key);
      }
      isKeyDue = false;
      at = end;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      around.push(keys);
      keys = code === OPEN_OBJECT ? new Set() : undefined;
      isKeyDue = true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) keys = around.pop();
    else if (code === COMMA) isKeyDue = true;
  }
  return undefined;
}

/** Where the closing quote of the text that begins at `from` stands. */
function endOfText(text: string, from: number): number {
  let at = from + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

function keyIn(text: string, from: number, end: number): string {
  const plain = text.slice(from + 1, end);
  // "\u0061" is another spelling of "a".
  return plain.includes('\\') ? String(JSON.parse(text.slice(from, end + 1))) : plain;
}
