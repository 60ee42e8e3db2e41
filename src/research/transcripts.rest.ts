import Type from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { rightToSee } from '../graphql/visible.ts';
import type { RouteAnswer } from '../http/route.ts';
import { AppError } from '../kernel/errors.ts';
import { noRow } from '../rest/list-route.ts';
import { restRoute } from '../rest/route.ts';
import { keyOf, keyParams } from '../rest/row-route.ts';
import { plain } from '../rest/schemas.ts';
import { videoEntity } from './rest-entities.ts';
import { segments } from './segments.read.ts';
import { type Cue, cuesOf } from './transcripts/cues.ts';
import { subRip } from './transcripts/sub-rip.ts';
import { webVtt } from './transcripts/web-vtt.ts';
import { loadTranscript, type Transcript, textOfTranscript } from './transcripts.read.ts';

const orNull = (type: string, description: string) => plain({ type: [type, 'null'], description });

const SEGMENT = Type.Object(
  {
    position: Type.Integer({ description: 'Its place in the video, from 1.' }),
    start_seconds: orNull('number', 'The second at which it begins.'),
    end_seconds: orNull('number', 'The second at which it ends.'),
    speaker: orNull('string', 'Who speaks, where the transcript says so.'),
    text: Type.String({ description: 'What is said.' }),
  },
  {
    $id: 'TranscriptSegment',
    description: 'What is said in a video from one moment to the next.',
    additionalProperties: false,
  },
);

const TRANSCRIPT = Type.Object(
  {
    video_id: Type.String({ description: 'The key of the video.' }),
    title: Type.String({ description: 'Its title.' }),
    duration: orNull('integer', 'Its length in seconds.'),
    segments: Type.Array(SEGMENT, {
      description: 'What is said, piece by piece; none where only the whole text is known.',
    }),
  },
  { $id: 'Transcript', description: 'What is said in a video.', additionalProperties: false },
);

interface Format {
  readonly type: string;
  readonly extension: string;
  readonly words: string;
  readonly schema: ReturnType<typeof plain>;
  readonly write: (transcript: Transcript) => string;
}

const FORMATS: readonly Format[] = [
  {
    type: 'text/plain',
    extension: 'txt',
    words: 'text',
    schema: Type.String(),
    write: (transcript) => textOfTranscript(transcript) ?? nothing(transcript, 'no transcript'),
  },
  {
    type: 'application/json',
    extension: 'json',
    words: 'JSON segments',
    schema: TRANSCRIPT,
    write: (transcript) => {
      const { content: _content, ...rest } = transcript;
      return textOfTranscript(transcript) === null ? nothing(transcript, 'no transcript') : JSON.stringify(rest);
    },
  },
  {
    type: 'text/vtt',
    extension: 'vtt',
    words: 'WebVTT subtitles',
    schema: Type.String(),
    write: (transcript) => webVtt(timed(transcript)),
  },
  {
    type: 'application/x-subrip',
    extension: 'srt',
    words: 'SubRip subtitles',
    schema: Type.String(),
    write: (transcript) => subRip(timed(transcript)),
  },
];

function nothing({ video_id }: Transcript, what: string, hint?: string): never {
  throw new AppError('NOT_FOUND', `The video ${video_id} has ${what}`, hint === undefined ? {} : { hint });
}

function timed(transcript: Transcript): readonly Cue[] {
  const cues = cuesOf(transcript.segments, transcript.duration);
  if (cues.length > 0) return cues;
  return nothing(transcript, 'no transcript that says when what is said', 'Ask for it as text/plain.');
}

const ROUTE = {
  method: 'GET',
  tag: videoEntity.tag,
  needs: rightToSee(segments),
  isOneRead: true,
  params: keyParams(videoEntity),
  price: () => 100,
} as const;
const MISSING = { description: 'There is no such video that you may see, or nothing is known of what is said in it.' };

async function answer(context: GraphqlContext, params: object, { type, write }: Format): Promise<RouteAnswer> {
  const key = keyOf(videoEntity, params);
  const transcript = await loadTranscript(context, key);
  if (transcript === null) throw noRow(videoEntity, key);
  return { type: type.startsWith('text/') ? `${type}; charset=utf-8` : type, body: write(transcript) };
}

export default [
  restRoute({
    ...ROUTE,
    path: '/videos/:video_id/transcript',
    operationId: 'getTranscript',
    summary: 'What is said in a video: text, JSON segments, WebVTT or SubRip, whichever the header Accept likes best',
    answers: {
      200: {
        description: 'The transcript.',
        content: Object.fromEntries(FORMATS.map(({ type, schema }) => [type, schema])),
        headers: { vary: { description: 'Accept: the same address answers in several forms.' } },
      },
      404: MISSING,
    },
    answer: async (context, { params, type }) => {
      const format = FORMATS.find((one) => one.type === type);
      if (format === undefined) throw new AppError('INTERNAL', `No transcript is written as ${type}`);
      return answer(context, params, format);
    },
  }),
  ...FORMATS.map((format) =>
    restRoute({
      ...ROUTE,
      path: `/videos/:video_id/transcript.${format.extension}`,
      operationId: `getTranscript${format.extension.charAt(0).toUpperCase()}${format.extension.slice(1)}`,
      summary: `What is said in a video, as ${format.words}`,
      answers: { 200: { description: 'The transcript.', content: { [format.type]: format.schema } }, 404: MISSING },
      answer: (context, { params }) => answer(context, params, format),
    }),
  ),
];
