/** Keys of videos as files write them: `Video_19`, `Video_019.md`, `Video_002-2`. */

import { asSeen } from '../ingest/fields/unseen.ts';

/** The number, and the place in a file that holds several videos. */
const NAME = /^video[_ -]?(\d+)(?:-(\d+))?$/i;
const TRANSCRIPT_FILE = /(?:^|[\\/])([^\\/]+)\.(?:md|json)$/i;

/** Keys have at least three digits: `Video_19.md` is the video that everything else calls `Video_019`. */
const DIGITS = 3;
/** In characters; paths too stay below. */
const LONGEST = 2000;

/** `Video_019` for `Video_19`, `video 019` or `Video_019`; null for a text of another shape. */
export function numberedVideoKey(text: string): string | null {
  const match = NAME.exec(text.trim());
  const number = match?.[1];
  if (number === undefined) return null;
  const place = match?.[2] === undefined ? '' : `-${Number(match[2])}`;
  return `Video_${number.replace(/^0+(?=\d)/, '').padStart(DIGITS, '0')}${place}`;
}

/** The key that a mention means: a numbered one in its full form, any other as it stands (a YouTube id). */
export function videoKeyOf(mention: string): string {
  // As a video's own key is read; what is longer than any key is none.
  const seen = mention.length > LONGEST ? mention.trim() : asSeen(mention.trim());
  return transcriptKeyInPath(seen) ?? numberedVideoKey(seen) ?? seen;
}

/** The video whose transcript a path names (`…/02_TRANSCRIPTIONS/Video_19.md`), or null where it names another file. */
export function transcriptKeyInPath(path: string): string | null {
  const stem = TRANSCRIPT_FILE.exec(path.trim())?.[1];
  return stem === undefined ? null : numberedVideoKey(stem);
}

/**
 * The videos that a file name mentions, in its order: `Tool_Validation_Report_Video_006_008` names two. Further numbers
 * have three digits, so that the date in `gap_analysis_Video_022_20251124_021632` is no video.
 */
export function videoKeysInName(name: string): string[] {
  const keys: string[] = [];
  for (const [, first, others] of name.matchAll(/videos?[_ -]?(\d+)((?:[_-]\d{3}(?!\d))*)/gi)) {
    for (const number of [first, ...(others ?? '').split(/[_-]/)]) {
      const key = number === undefined || number === '' ? null : numberedVideoKey(`Video_${number}`);
      if (key !== null && !keys.includes(key)) keys.push(key);
    }
  }
  return keys;
}
