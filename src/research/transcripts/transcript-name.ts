/** What a transcript file's name says: the key of its video, or why the file is no transcript. */
import type { FileFacts } from '../../ingest/dataset.ts';
import { numberedVideoKey } from '../video-key.ts';

/** `Video_024_Transcription` is `Video_024`. */
const SAYS_SO = /[_ -]?(?:full[_ -])?transcript(?:ion)?$/i;
/** What cloud drives add: brackets in any language (`(Спірна копія …)`, `(1)`), a bare number, or the word itself. */
const CONFLICT =
  /^video[_ -]?\d+(?:-\d+)?(?:\s*\(| \d+$|~|\.sync-conflict|[\s._–—-]*(?:conflict|copy|copia|cópia|kopie|copie|копія|копия)(?![a-z]{3}))/i;
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/tracker/i, 'a tracker'],
  [/summar/i, 'a summary'],
  [/plan(?:ning)?(?![a-z])/i, 'a plan'],
  [/pipeline|workflow|process/i, 'a description of the process'],
  [/report|analysis|mapping|gap/i, 'a report'],
  [/index|list|queue|readme|template|checklist|guide/i, 'a list or a guide'],
];

/** The key of the video whose transcript the file is, or null where its name gives none. */
export function transcriptKey(stem: string): string | null {
  return numberedVideoKey(stem) ?? numberedVideoKey(stem.replace(SAYS_SO, ''));
}

/** Why the file is left alone, or undefined for a transcript. */
export function whyNoTranscript(file: FileFacts): string | undefined {
  if (transcriptKey(file.stem) !== null) return undefined;
  if (CONFLICT.test(file.stem)) return 'a conflict copy: it is never merged over the original';
  for (const [pattern, kind] of KINDS) if (pattern.test(file.stem)) return `${kind}, no transcript`;
  return 'no transcript: its name is not Video_ and a number';
}
