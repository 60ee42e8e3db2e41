/** Text that PostgreSQL refuses (NUL) or silently alters (half of a surrogate pair). */

/** Why a text cannot be stored (a NUL, half a surrogate pair), or undefined. Both checks run at memory speed. */
export function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'It holds a NUL character.';
  if (!text.isWellFormed()) return 'It holds half a character (a lone surrogate).';
  return undefined;
}

/** The first fault among names and texts within a value. Walks with a list of its own: it may be nested deeper than the stack. */
export function textFaultIn(value: unknown): string | undefined {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') {
      const fault = textFault(next);
      if (fault !== undefined) return fault;
    } else if (Array.isArray(next)) {
      // One by one: as arguments of one call, a million values overflow the stack.
      for (const item of next) waiting.push(item);
    } else if (typeof next === 'object' && next !== null && !(next instanceof Blob)) {
      for (const [key, item] of Object.entries(next)) waiting.push(key, item);
    }
  }
  return undefined;
}

/** Where among the values of an object the first fault lies, such as `records.3.name`: a batch is too long to be searched. */
export function faultPlace(values: Readonly<Record<string, unknown>>): string {
  return placeIn(values, [])?.join('.') ?? '';
}

function placeIn(value: unknown, place: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return textFault(value) === undefined ? undefined : place;
  if (typeof value !== 'object' || value === null || value instanceof Blob) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = placeIn(key, place) ?? placeIn(item, [...place, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
