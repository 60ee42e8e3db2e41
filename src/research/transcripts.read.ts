/** A video's transcript: its text, and the segments in the order of speech. */

import type { GraphqlContext } from '../graphql/context.ts';
import { createParams } from '../graphql/params.ts';
import { requireVisible } from '../graphql/visible.ts';
import { segments } from './segments.read.ts';
import type { Segment } from './transcripts/cues.ts';
import { videos } from './videos.read.ts';

export interface TranscriptSegment extends Segment {
  readonly position: number;
}

export interface Transcript {
  readonly video_id: string;
  readonly title: string;
  /** In seconds. */
  readonly duration: number | null;
  readonly content: string | null;
  readonly segments: readonly TranscriptSegment[];
}

/**
 * The transcript of a video, in one statement; null where there is no such video that the actor may see.
 * @throws AppError FORBIDDEN
 */
export async function loadTranscript(context: GraphqlContext, videoId: string): Promise<Transcript | null> {
  const params = createParams();
  const limits = [requireVisible(context, videos)?.('v', params), requireVisible(context, segments)?.('s', params)];
  const [ofVideos, ofSegments] = limits.map((limit) => (limit === undefined ? '' : ` AND (${limit})`));
  const [row] = await context.reads.once<Transcript & { readonly [column: string]: unknown }>(
    'transcript',
    `SELECT v.video_id, v.title, v.duration, v.transcript_content AS content,
            coalesce((SELECT json_agg(json_build_object(
                               'position', s.position, 'start_seconds', s.start_seconds, 'end_seconds', s.end_seconds,
                               'speaker', s.speaker, 'text', s.text) ORDER BY s.position)
                        FROM video_segments s WHERE s.video_id = v.video_id${ofSegments}), '[]'::json) AS segments
       FROM videos v
      WHERE v.video_id = ${params.add(videoId, 'text')}${ofVideos}`,
    params.values,
  );
  return row ?? null;
}

/** All that is said as text; null where nothing is known. */
export function textOfTranscript({ content, segments: pieces }: Transcript): string | null {
  if (content !== null) return content;
  if (pieces.length === 0) return null;
  return pieces.map(({ speaker, text }) => (speaker === null ? text : `${speaker}: ${text}`)).join('\n');
}
