/** Field kinds that only research files need, made of the general ones. */

import type { Field, FieldOptions } from '../ingest/fields/field.ts';
import { id, reference, text } from '../ingest/fields/index.ts';
import { numberedVideoKey } from './video-key.ts';
import { youtubeAddress, youtubeIdInAddress } from './youtube.ts';

/** Keys stay far below what an index entry takes; the tables check the same. */
export const KEY_LENGTH = 200;
export const PATH_LENGTH = 2000;
export const TITLE_LENGTH = 2000;
export const NAME_LENGTH = 500;
/** Characters; a longer text is no transcript. */
export const TRANSCRIPT_LENGTH = 16_000_000;

/** Research ids, the older form and the newer: `RSR-001`, `RSH-VID-001`. */
export const RESEARCH_ID = /^(RSH-[A-Z]{2,6}|RSR)-\d{3,}$/;

/** A field whose text is rewritten before it is read; the file's own text is kept where that changed it. */
function rewritten(field: Field, rewrite: (value: string) => string): Field {
  return {
    ...field,
    parse(value, sink) {
      if (typeof value !== 'string') return field.parse(value, sink);
      const after = rewrite(value);
      if (after !== value) sink.keepRaw(value);
      return field.parse(after, sink);
    },
  };
}

/** A video's own key: `Video_19` is `Video_019`. */
export function videoId(options: FieldOptions = {}): Field {
  return id({ max: KEY_LENGTH, normalise: fullKey, ...options });
}

/** A mention of a video, with the same reading of its key. */
export function videoReference(options: FieldOptions = {}): Field {
  return reference('videos', { max: KEY_LENGTH, normalise: fullKey, ...options });
}

function fullKey(key: string): string {
  return numberedVideoKey(key) ?? key;
}

/** A video's address: the canonical one wherever an id is known. */
export function videoAddress(options: FieldOptions = {}): Field {
  return rewritten(text({ max: PATH_LENGTH, ...options }), (value) => {
    const youtubeId = youtubeIdInAddress(value);
    return youtubeId === null ? value : youtubeAddress(youtubeId);
  });
}

/** A path of the research folder: what stands above it in someone's drive (`ENTITIES/`) is no part of it. */
export function researchPath(options: FieldOptions = {}): Field {
  return rewritten(text({ max: PATH_LENGTH, ...options }), (value) => value.replace(/^[\\/]?ENTITIES[\\/]/i, ''));
}
