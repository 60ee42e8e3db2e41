/**
 * The joiners between letters (UAX #31, section 2.3). U+200C shows where letters would join without it, U+200D where a virama stands:
 * normal words are written with them. Elsewhere in such scripts people type them as well, and nobody sees them.
 */

/** Letters that the one before joins, and of them those that join the one after. */
const LETTER = '[[[\\u0620-\\u08FF]&&[\\p{sc=Arab}\\p{sc=Syrc}]&&\\p{L}]\\u0640]';
const APART = '\\u0621\\u0674\\u06E5\\u06E6\\u0861\\u0866\\u0887\\u08AD\\u08C9';
const LAST =
  '\\u0622-\\u0625\\u0627\\u0629\\u062F-\\u0632\\u0648\\u0671-\\u0673\\u0675-\\u0677\\u0688-\\u0699\\u06C0\\u06C3-\\u06CB\\u06CD\\u06CF' +
  '\\u06D2\\u06D3\\u06D5\\u06EE\\u06EF\\u0710\\u0715-\\u0719\\u071E\\u0728\\u072A\\u072C\\u072F\\u074D\\u0759-\\u075B\\u076B\\u076C' +
  '\\u0771\\u0773\\u0774\\u0778\\u0779\\u0867\\u0869\\u086A\\u0870-\\u0882\\u088E\\u08AA-\\u08AC\\u08AE\\u08B1\\u08B2\\u08B9';
const JOINS_NEXT = `(?<=[${LETTER}--[${APART}${LAST}]]\\p{Mn}*)`;
const IS_JOINED = `(?=\\p{Mn}*[${LETTER}--[${APART}]])`;
/** Other scripts whose letters join: all of these; of those below some, and it is not known here which: there a joiner is refused. */
const CURSIVE = '[[\\p{sc=Mong}\\p{sc=Nkoo}\\p{sc=Adlm}\\p{sc=Phag}]&&\\p{L}]';
const OTHER_CURSIVE = '\\p{sc=Mand}\\p{sc=Rohg}\\p{sc=Mani}\\p{sc=Sogd}\\p{sc=Phlp}\\p{sc=Chrs}\\p{sc=Ougr}';
const VIRAMA =
  '\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA\\u1039\\u17D2\\u1A60\\u1B44\\u1BAB\\u2D7F\\uA806\\uA8C4\\uA9C0\\uAAF6' +
  '\\u{10A3F}\\u{11046}\\u{110B9}\\u{11133}\\u{111C0}\\u{1134D}\\u{11442}\\u{114C2}\\u{115BF}\\u{1163F}\\u{116B6}';

const SHOWING = [
  `${JOINS_NEXT}\\u200C${IS_JOINED}`,
  `(?<=${CURSIVE}\\p{Mn}*)\\u200C(?=\\p{Mn}*${CURSIVE})`,
  `(?<=[${VIRAMA}])\\u200C(?=\\p{L})`,
  `(?<=[${VIRAMA}])\\u200D`,
  // Of Bengali, Kannada and Sinhala also before it.
  `(?<=[\\u09B0\\u0CB0\\p{sc=Sinh}])\\u200D(?=[\\u09CD\\u0CCD\\u0DCA])`,
].join('|');

/** Scripts in which nobody writes them: there one is no slip of a word's spelling. */
const UNJOINED =
  '\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}\\p{sc=Hani}\\p{sc=Hang}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Zinh}\\p{sc=Zyyy}';
const SCRIPT = `[[\\p{L}\\p{M}]--[${UNJOINED}${OTHER_CURSIVE}]]`;
const IDLE = new RegExp(
  `(?!${SHOWING})(?:(?<=${SCRIPT})\\u200C|\\u200C(?=${SCRIPT})|${JOINS_NEXT}\\u200D${IS_JOINED})`,
  'gv',
);

/** Malayalam letters as they were spelled before they had characters of their own. */
const CHILLU = /[ണനരലളക]\u0D4D\u200D/gv;
const CHILLUS: Readonly<Record<string, string>> = {
  ണ: '\u0D7A',
  ന: '\u0D7B',
  ര: '\u0D7C',
  ല: '\u0D7D',
  ള: '\u0D7E',
  ക: '\u0D7F',
};

export const HAS_JOINER = /[\u200C\u200D]/;
/** Joiners by which the letters beside them look otherwise. */
export const SHOWN_JOINERS = new RegExp(SHOWING, 'gv');

/** The text without joiners by which letters look as they would anyway. */
export function withoutIdleJoiners(text: string): string {
  if (!HAS_JOINER.test(text)) return text;
  return text
    .replace(CHILLU, (spelled) => CHILLUS[spelled.charAt(0)] ?? spelled)
    .replace(/\u200C+/g, '\u200C')
    .replace(IDLE, '')
    .normalize('NFC');
}
