/**
 * What nobody sees in a text. A key that holds such a character would name another row than the one that looks the same. Texts keep
 * them; keys lose them at their ends, where copying leaves them, and with one inside they are no keys.
 */

/**
 * Characters that nobody sees and that show all the same by what they do to others: joiners between the letters of scripts that join
 * them, and in pictures; the choice of a picture's or an ideograph's form.
 */
const SHOWING =
  /(?<=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{sc=Hani}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}]])[\u200C\u200D](?=[[\p{L}\p{M}]--[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]])|(?<=[\p{ExtPict}\p{EMod}\uFE0F])\u200D(?=\p{ExtPict})|(?<=\p{ExtPict})[\uFE0E\uFE0F]|(?<=\p{sc=Hani})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]/gv;
const UNSEEN = /[\p{DI}[\p{Cc}--\s]]/v;
const BEFORE = /^[\s\p{DI}\p{Cc}]+/v;
/** A form that is chosen belongs to what stands before it. */
const AFTER = /[\s\p{Cc}[\p{DI}--[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]]]+$/v;
/** Most keys: below the soft hyphen only control characters are unseen, and tabs and ends of lines are no such. */
const SEEN = /^[\t-\r -~\u00A0-\u00AC]*$/;

const NAMES: Readonly<Record<string, string>> = {
  '\u00AD': 'soft hyphen',
  '\u200B': 'zero width space',
  '\u200C': 'zero width non-joiner',
  '\u200D': 'zero width joiner',
  '\u200E': 'left-to-right mark',
  '\u200F': 'right-to-left mark',
  '\u2060': 'word joiner',
  '\u3164': 'Hangul filler',
  '\uFE0F': 'variation selector',
  '\uFEFF': 'byte order mark',
};

/** The text without what nobody sees at its ends. */
export function trimUnseen(text: string): string {
  return SEEN.test(text) ? text : text.replace(BEFORE, '').replace(AFTER, '');
}

/** Says which character of a key nobody sees, and where, or undefined. */
export function unseenFault(key: string): string | undefined {
  if (SEEN.test(key)) return undefined;
  // What shows leaves letters in its place, so that the others stand where they stood.
  const found = UNSEEN.exec(key.replace(SHOWING, (shown) => 'x'.repeat(shown.length)));
  if (found === null) return undefined;
  const [character] = found;
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES[character] === undefined ? code : `${code} (${NAMES[character]})`;
  const place = [...key.slice(0, found.index)].length + 1;
  return `Character ${place} of the key is ${name}, which nobody sees: another key would look the same.`;
}
