/** Where a JSON value ends, without reading it: strings and brackets are followed, nothing else. */

/** Progress over one value, kept while more text is waited for. */
export interface Extent {
  /** Index of the next character to look at. */
  at: number;
  depth: number;
  deepest: number;
  isInString: boolean;
  /** The last character was a backslash, and what it escapes is still to come. */
  isEscaped: boolean;
  isScalar: boolean;
  /** Line feeds passed. */
  lines: number;
}

export function extentFrom(at: number): Extent {
  return { at, depth: 0, deepest: 0, isInString: false, isEscaped: false, isScalar: false, lines: 0 };
}

/** Follows the value as far as the text goes; true when `extent.at` is the index behind the value. */
export function followValue(text: string, extent: Extent): boolean {
  const { length } = text;
  while (extent.at < length) {
    if (extent.isInString) {
      if (!followString(text, extent)) return false;
      if (extent.depth === 0) return true;
      continue;
    }
    const code = text.charCodeAt(extent.at);
    if (extent.depth === 0 && extent.isScalar && isScalarEnd(code)) return true;
    extent.at += 1;
    if (code === 0x22) extent.isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      extent.depth += 1;
      if (extent.depth > extent.deepest) extent.deepest = extent.depth;
    } else if (code === 0x7d || code === 0x5d) {
      extent.depth -= 1;
      if (extent.depth <= 0) return true;
    } else if (code === 0x0a) extent.lines += 1;
    else if (extent.depth === 0) extent.isScalar = true;
  }
  return false;
}

/** Inside a string: true when its closing quote was passed. A line feed there is no JSON, but it counts as a line. */
function followString(text: string, extent: Extent): boolean {
  let at = extent.at + (extent.isEscaped ? 1 : 0);
  extent.isEscaped = false;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      extent.at = at + 1;
      extent.isInString = false;
      return true;
    }
    if (code === 0x0a) extent.lines += 1;
    else if (code === 0x5c) at += 1;
  }
  extent.isEscaped = at > text.length;
  extent.at = text.length;
  return false;
}

function isScalarEnd(code: number): boolean {
  return code === 0x2c || code === 0x7d || code === 0x5d || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
