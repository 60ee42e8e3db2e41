/** WebVTT (W3C): subtitles as browsers read them. */
import { type Cue, clockOf, type Line } from './cues.ts';

/** The whole file. */
export function webVtt(cues: readonly Cue[]): string {
  return `WEBVTT\n${cues.map((cue) => `\n${blockOf(cue)}\n`).join('')}`;
}

const blockOf = ({ start, end, lines }: Cue): string =>
  [`${clockOf(start, '.')} --> ${clockOf(end, '.')}`, ...voicesOf(lines)].join('\n');

/** Lines of one voice stand together in its span. */
function voicesOf(lines: readonly Line[]): string[] {
  return lines.map(({ speaker, text }, index) => {
    if (speaker === undefined) return escaped(text);
    const opens = lines[index - 1]?.speaker !== speaker;
    const closes = lines[index + 1]?.speaker !== speaker;
    return `${opens ? `<v ${escaped(speaker)}>` : ''}${escaped(text)}${closes ? '</v>' : ''}`;
  });
}

/** With every `>` goes the arrow, which a line of text must not hold. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
