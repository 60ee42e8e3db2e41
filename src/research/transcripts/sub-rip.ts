/** SubRip: subtitles as players read them. It has no escapes, so what a player would take for more than text is told apart. */
import { type Cue, clockOf, type Line } from './cues.ts';

/** The whole file: numbered from 1, each cue followed by a blank line. */
export function subRip(cues: readonly Cue[]): string {
  return cues.map((cue, index) => `${index + 1}\n${blockOf(cue)}\n\n`).join('');
}

const blockOf = ({ start, end, lines }: Cue): string =>
  [`${clockOf(start, ',')} --> ${clockOf(end, ',')}`, ...lines.map(lineOf)].join('\n');

/** There is no mark for a speaker; the name before a colon is what people write. */
function lineOf({ speaker, text }: Line, index: number, lines: readonly Line[]): string {
  const isNew = speaker !== undefined && lines[index - 1]?.speaker !== speaker;
  return told(isNew ? `${speaker}: ${text}` : text);
}

/** Stands between two characters, has no width and lets them not be parted. */
const JOINER = '\u2060';

/** Looks as it did: players read an arrow as a line of times, `<b>` and `{\b1}` as a style, and `&lt;` as what it stands for. */
function told(text: string): string {
  return text
    .replaceAll('-->', `--${JOINER}>`)
    .replaceAll(/<(?=[a-z/!])/gi, `<${JOINER}`)
    .replaceAll(/\{(?=[\\a-z])/gi, `{${JOINER}`)
    .replaceAll(/&(?=#?\w+;)/g, `&${JOINER}`);
}
