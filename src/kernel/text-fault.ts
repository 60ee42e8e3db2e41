/** Text that PostgreSQL refuses (NUL) or silently alters (half of a surrogate pair). */

/** Why a text cannot be stored (a NUL, half a surrogate pair), or undefined. Both checks run at memory speed. */
export function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'It holds a NUL character.';
  if (!text.isWellFormed()) return 'It holds half a character (a lone surrogate).';
  return undefined;
}
