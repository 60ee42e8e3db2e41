/**
 * Transcripts as JSON, in a `.json` or inside an `.md` file: an object (its keys spaced or not, its values at the top or
 * under `metadata`), an array of one or of several videos, or an array of captions with nothing around it.
 */

import { isPlaceholder } from '../../ingest/fields/placeholder.ts';
import {
  emptyObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
} from '../../kernel/json.ts';
import { valueNamed } from '../record.ts';
import { spokenRank, type TranscriptDocument, type ValueRole, valueRole } from './document.ts';
import { captionText, type Segment, segmentsInCaptions, segmentsInText } from './segments.ts';

/** Objects whose entries say something of the video itself: they are read as if they stood at the top. */
const INNER = ['metadata', 'video_info', 'video_metadata'];

/** The videos in a JSON document, in its order; null for what is no video at all, so that it can be rejected. */
export function readJsonTranscripts(value: JsonValue): (TranscriptDocument | null)[] {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isCaption)) return [captionsOnly(value)];
    return value.map((item) => (isJsonObject(item) ? readOne(item) : null));
  }
  if (!isJsonObject(value)) return [null];
  const videos = valueNamed(value, 'videos');
  return Array.isArray(videos) && videos.every(isJsonObject) ? videos.map(readOne) : [readOne(value)];
}

/** The words of a list are captions unless they carry what only a video has. */
function isCaption(item: JsonValue): boolean {
  if (typeof item === 'string') return true;
  return (
    isJsonObject(item) &&
    captionText(item) !== undefined &&
    !Object.keys(item).some((key) => spokenRank(key) !== undefined || valueRole(key) === 'title')
  );
}

function captionsOnly(items: readonly JsonValue[]): TranscriptDocument {
  return { values: {}, segments: segmentsInCaptions(items), rest: emptyObject() };
}

function readOne(object: JsonObject): TranscriptDocument {
  const values: Partial<Record<ValueRole, string>> = {};
  const rest = emptyObject();
  const spoken: { rank: number; key: string; value: JsonValue; segments: Segment[] }[] = [];
  const take = (source: JsonObject, inner: boolean): void => {
    for (const [key, value] of Object.entries(source)) {
      if (!inner && isJsonObject(value) && INNER.includes(key.toLowerCase().replace(/\s+/g, '_'))) continue;
      const role = valueRole(key);
      const rank = spokenRank(key);
      if (role !== undefined && (typeof value === 'string' || typeof value === 'number'))
        takeValue(values, rest, role, key, value);
      else if (rank !== undefined) spoken.push({ rank, key, value, segments: segmentsOf(value) });
      else put(rest, key, value);
    }
  };
  take(object, false);
  for (const [key, value] of Object.entries(object))
    if (isJsonObject(value) && INNER.includes(key.toLowerCase().replace(/\s+/g, '_'))) take(value, true);
  spoken.sort((a, b) => a.rank - b.rank);
  const said = spoken.find(({ segments }) => segments.length > 0);
  for (const { key, value } of spoken.filter((one) => one !== said)) put(rest, key, value);
  return { values, segments: said?.segments ?? [], rest };
}

/** The first value of a role is the video's; a second one that differs is kept beside it. */
function takeValue(
  values: Partial<Record<ValueRole, string>>,
  rest: MutableJsonObject,
  role: ValueRole,
  key: string,
  value: string | number,
): void {
  const text = String(value).trim();
  if (text === '' || isPlaceholder(text)) return;
  if (values[role] === undefined) values[role] = text;
  else if (values[role] !== text) put(rest, `other_${key}`, value);
}

/** Nothing gives way: a name that is taken gets a mark. */
function put(rest: MutableJsonObject, key: string, value: JsonValue): void {
  let name = key;
  while (rest[name] !== undefined) name = `${name}_`;
  rest[name] = value;
}

function segmentsOf(value: JsonValue): Segment[] {
  if (Array.isArray(value)) return segmentsInCaptions(value);
  if (typeof value === 'string') return isPlaceholder(value) ? [] : segmentsInText(value.split(/\r\n|\r|\n/)).segments;
  if (!isJsonObject(value)) return [];
  const inside = valueNamed(value, 'segments', 'lines', 'captions', 'transcript', 'full_text', 'text');
  return inside === undefined || isJsonObject(inside) ? [] : segmentsOf(inside);
}
