/**
 * What nobody sees in a text. A key that holds such a character would name another row than the one that looks the same. Texts keep
 * them; keys lose them at their ends, where copying leaves them, and with one inside they are no keys. Those that show by what they do
 * to others are seen, and where they do nothing they are left out.
 */
import { HAS_JOINER, SHOWN_JOINERS, withoutIdleJoiners } from './joiners.ts';
import { HAS_PICTURE, SHOWN_PICTURES, spellPictures } from './pictures.ts';

const UNSEEN = /[\p{DI}[\p{Cc}--\s]]/v;
/** Variation selectors of ideographs. */
const SHOWN_IDEOGRAPHS = /(?<=\p{sc=Hani})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]/gv;
const BEFORE = /^[\s\p{DI}\p{Cc}]+/v;
/** A form that is chosen belongs to what stands before it. */
const AFTER = /[\s\p{Cc}[\p{DI}--[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]]]+$/v;
const UNSEEN_ALL = new RegExp(UNSEEN, 'gv');
/** Most keys: below the soft hyphen only control characters are unseen, and tabs and ends of lines are no such. */
const SEEN = /^[\t-\r -~\u00A0-\u00AC]*$/;
/** What makes a text worth a closer look: a keycap has one without what nobody sees. */
const DOUBTFUL = /[\p{DI}[\p{Cc}--\s]\u20E3]/v;

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

/** The one spelling of a key that looks like `text`: without what nobody sees at its ends, and with one spelling of what shows. */
export function asSeen(text: string): string {
  if (SEEN.test(text) || !DOUBTFUL.test(text)) return text;
  const spelled = spellPictures(withoutIdleJoiners(text));
  const seen = withShownAsLetters(spelled);
  const from = BEFORE.exec(seen)?.[0].length ?? 0;
  const trimmed = spelled.slice(from, from + seen.slice(from).replace(AFTER, '').length);
  // What is left out may have stood between what is told apart by it: a spelling is one that stays as it is.
  return trimmed === text ? text : asSeen(trimmed);
}

/** Says which character of a key {@link asSeen} nobody sees, and where, or undefined. */
export function unseenFault(key: string): string | undefined {
  if (SEEN.test(key) || !DOUBTFUL.test(key)) return undefined;
  const found = UNSEEN.exec(withShownAsLetters(key));
  if (found === null) return undefined;
  const [character] = found;
  const code = codeOf(character);
  const name = NAMES[character] === undefined ? code : `${code} (${NAMES[character]})`;
  const place = [...key.slice(0, found.index)].length + 1;
  return `Character ${place} of the key is ${name}, which nobody sees: another key would look the same.`;
}

/** The text {@link asSeen}, and without what nobody sees inside it. */
export function withoutUnseen(text: string): string {
  return replaceUnseen(asSeen(text), () => '');
}

/** The text with each character that nobody sees written as `‹U+200B›`; every unusual one where its spelling alone is another. */
export function toldUnseen(text: string): string {
  const told = replaceUnseen(text, (character) => `‹${codeOf(character)}›`);
  return told === text ? text.replace(/[^ -~]/gv, (character) => `‹${codeOf(character)}›`) : told;
}

function replaceUnseen(text: string, by: (character: string) => string): string {
  const seen = withShownAsLetters(text);
  return text.replace(UNSEEN_ALL, (character, at: number) =>
    seen.startsWith(character, at) ? by(character) : character,
  );
}

/** What shows leaves letters in its place, so that the others stand where they stood. */
function withShownAsLetters(text: string): string {
  const letters = (shown: string): string => 'x'.repeat(shown.length);
  const pictured = HAS_PICTURE.test(text) ? text.replace(SHOWN_PICTURES, letters) : text;
  const joined = HAS_JOINER.test(pictured) ? pictured.replace(SHOWN_JOINERS, letters) : pictured;
  return joined.replace(SHOWN_IDEOGRAPHS, letters);
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
