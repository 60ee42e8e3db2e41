/** The records of a transcript file: one for each video in it, under the key that the file's name gives. */
import type { FileFacts } from '../../ingest/dataset.ts';
import { isPlaceholder, placeholderRemainder } from '../../ingest/fields/placeholder.ts';
import type { MarkdownValue } from '../../ingest/read/markdown.ts';
import { emptyObject, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import { documentRecord, textNamed } from '../record.ts';
import { videoKeyOf } from '../video-key.ts';
import { youtubeAddress, youtubeIdInAddress, youtubeIdItself } from '../youtube.ts';
import { bareName, type TranscriptDocument } from './document.ts';
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

function isMarkdown(value: JsonValue): value is MarkdownValue {
  return isJsonObject(value) && typeof value['text'] === 'string' && 'front_matter' in value && 'json' in value;
}

/** Front matter speaks first, for it is what somebody wrote about the text below. */
function readMarkdown(value: MarkdownValue): (TranscriptDocument | null)[] {
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

/** A file that is one transcript, or a few; rows of a table and records that a script sends say everything themselves. */
function isTranscriptFile(file: FileFacts): boolean {
  return ['.md', '.markdown', '.json'].includes(file.extension);
}

/** The file's name decides; records that come without such a file bring their own key, or have none. */
function keyOf(document: TranscriptDocument, file: FileFacts, index: number): string | null {
  const named = isTranscriptFile(file) ? transcriptKey(file.stem) : null;
  if (named !== null) return index === 0 ? named : `${named}-${index + 1}`;
  const own = textNamed(document.rest, 'video_id');
  if (own !== undefined) return videoKeyOf(own);
  if (!isTranscriptFile(file)) return null;
  return index === 0 ? file.stem : `${file.stem}-${index + 1}`;
}

/** Columns that a file's own words never fill: a `status` in a document is its author's, not the queue's. */
const RESERVED = [
  'channel_id',
  'status',
  'phase',
  'created_date',
  'completed_date',
  'transcript_path',
  'transcript_content',
];
/** The id stands in the file's name, `metadata` is a column, and segments are what was read as speech. */
const ALWAYS_RESERVED = ['metadata', 'segments', 'video_id', 'youtube_id'];

function record({ values, segments, rest }: TranscriptDocument, file: FileFacts, key: string | null): JsonObject {
  const whole = isTranscriptFile(file);
  const own = textNamed(rest, 'video_id');
  const youtubeId =
    youtubeIdInAddress(values.address ?? '') ??
    youtubeIdItself(textNamed(rest, 'youtube_id') ?? '') ??
    youtubeIdItself(own ?? '');
  const address = values.address ?? (whole ? `file:${file.name}` : undefined);
  const spoken = segments.length > 0;
  const columns = {
    video_id: key ?? undefined,
    title: titleOf(values.title) ?? (whole ? nameOf(key, file) : undefined),
    source_url: youtubeId === null ? address : youtubeAddress(youtubeId),
    youtube_id: youtubeId ?? undefined,
    duration: values.duration,
    published_date: values.published_date,
    channel_name: values.channel_name,
    transcript_path: whole ? file.path : undefined,
    status: spoken && (whole || textNamed(rest, 'status') === undefined) ? 'completed' : undefined,
    transcript_content: spoken ? segments.map(({ text }) => text).join('\n') : undefined,
    segments: spoken ? segments.map(segmentValue) : undefined,
    // What the content calls its video is kept where it says more than the key and the YouTube id.
    video_id_in_file: own === undefined || own === youtubeId || videoKeyOf(own) === key ? undefined : own,
  };
  const said = emptyObject();
  for (const [name, value] of Object.entries(rest)) if (!IDS.has(bareName(name))) said[name] = value;
  return documentRecord(columns, said, whole ? [...RESERVED, ...ALWAYS_RESERVED] : ALWAYS_RESERVED);
}

/** Read above: the ids say nothing more. */
const IDS = new Set(['videoid', 'youtubeid']);

/** Without a title a video goes by its file's name; further ones in a file by their key. */
function nameOf(key: string | null, file: FileFacts): string {
  return key !== null && /-\d+$/.test(key) ? key : file.stem;
}

function titleOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const real = placeholderRemainder(text) ?? text;
  return isPlaceholder(real) ? undefined : real;
}

function segmentValue(segment: Segment): JsonObject {
  return { ...segment };
}
