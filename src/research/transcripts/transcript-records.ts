/** The records of a transcript file: one for each video in it, under the key that the file's name gives. */
import type { FileFacts } from '../../ingest/dataset.ts';
import { isPlaceholder, placeholderRemainder } from '../../ingest/fields/placeholder.ts';
import { emptyObject, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { textNamed } from '../record.ts';
import { videoKeyOf } from '../video-key.ts';
import { youtubeAddress, youtubeIdInAddress, youtubeIdItself } from '../youtube.ts';
import type { TranscriptDocument } from './document.ts';
import { readJsonTranscripts } from './json-transcript.ts';
import { readMarkdownTranscript } from './markdown-transcript.ts';
import type { Segment } from './segments.ts';
import { transcriptKey } from './transcript-name.ts';

/** The value is what the Markdown reader gave (`{ front_matter, text, json }`), or a JSON document. */
export function transcriptRecords(value: JsonValue, file: FileFacts): JsonObject[] {
  const found = isMarkdown(value) ? readMarkdown(value) : readJsonTranscripts(value);
  return found.map((document, index) =>
    document === null ? emptyObject() : record(document, file, keyOf(document, file, index)),
  );
}

interface Markdown extends JsonObject {
  readonly front_matter: JsonValue;
  readonly text: string;
  readonly json: JsonValue;
}

function isMarkdown(value: JsonValue): value is Markdown {
  return isJsonObject(value) && typeof value['text'] === 'string' && 'front_matter' in value && 'json' in value;
}

/** Front matter speaks first, for it is what somebody wrote about the text below. */
function readMarkdown(value: Markdown): (TranscriptDocument | null)[] {
  const documents = value.json === null ? [readMarkdownTranscript(value.text)] : readJsonTranscripts(value.json);
  const front = isJsonObject(value.front_matter) ? readJsonTranscripts(value.front_matter)[0] : undefined;
  if (front === undefined || front === null) return documents;
  return documents.map((document, index) =>
    document === null || index > 0
      ? document
      : {
          values: { ...document.values, ...front.values },
          segments: document.segments.length > 0 ? document.segments : front.segments,
          rest: Object.assign(emptyObject(), document.rest, front.rest),
        },
  );
}

/** The file's name decides; records that come without a file bring their own key. */
function keyOf(document: TranscriptDocument, file: FileFacts, index: number): string {
  const named = transcriptKey(file.stem);
  if (named !== null) return index === 0 ? named : `${named}-${index + 1}`;
  const own = textNamed(document.rest, 'video_id');
  if (own !== undefined) return videoKeyOf(own);
  return index === 0 ? file.stem : `${file.stem}-${index + 1}`;
}

function record({ values, segments, rest }: TranscriptDocument, file: FileFacts, key: string): JsonObject {
  const made = Object.assign(emptyObject(), rest);
  const own = textNamed(rest, 'video_id');
  for (const name of Object.keys(made)) if (/^video[_ -]?id$/i.test(name)) delete made[name];
  const youtubeId =
    youtubeIdInAddress(values.address ?? '') ??
    youtubeIdItself(textNamed(rest, 'youtube_id') ?? '') ??
    youtubeIdItself(own ?? '');
  // The key stands in the name; what the content calls itself is kept where it is not just the YouTube id.
  if (own !== undefined && own !== youtubeId && videoKeyOf(own) !== key) made['video_id_in_file'] = own;
  made['video_id'] = key;
  made['title'] = titleOf(values.title) ?? (key.includes('-') ? key : file.stem);
  made['source_url'] = youtubeId === null ? (values.address ?? `file:${file.name}`) : youtubeAddress(youtubeId);
  if (youtubeId !== null) made['youtube_id'] = youtubeId;
  if (values.duration !== undefined) made['duration'] = values.duration;
  if (values.published_date !== undefined) made['published_date'] = values.published_date;
  if (values.channel_name !== undefined) made['channel_name'] = values.channel_name;
  made['transcript_path'] = file.path;
  if (segments.length > 0) {
    made['status'] ??= 'completed';
    made['transcript_content'] = segments.map(({ text }) => text).join('\n');
    made['segments'] = segments.map(segmentValue);
  }
  return made;
}

function titleOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const real = placeholderRemainder(text) ?? text;
  return isPlaceholder(real) ? undefined : real;
}

function segmentValue(segment: Segment): JsonObject {
  return { ...segment };
}
