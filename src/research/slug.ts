import { withoutIdleJoiners } from '../ingest/fields/joiners.ts';
import { asSeen } from '../ingest/fields/unseen.ts';

/** What nobody sees would make another key of a name that looks the same. Joiners show by what they do to letters. */
const UNSEEN = /[\p{DI}--[\u200C\u200D]]/gv;

/**
 * A name as a key: `Niko Kar` is `niko-kar`. Letters and digits of every alphabet stay, so that two people whose names
 * are not Latin do not become one. Empty when the name has neither.
 */
export function slug(name: string): string {
  const key = withoutIdleJoiners(name.normalize('NFC'))
    .replace(UNSEEN, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-|-$/g, '');
  // What was left out may have stood between a letter and its mark. References to the row are read as keys are.
  return asSeen(key.normalize('NFC'));
}
