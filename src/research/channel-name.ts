/** A video that knows its channel by name only: the mention waits until a channel of that name is known. */
import type { FieldValue, Reference } from '../ingest/dataset.ts';

/**
 * The mention of the channel, unless the record holds the channel's key. Only the whole name counts: of
 * `Nick / Studio` either part may be a person, another channel, or half of one channel's name.
 */
export function channelReferences(
  fields: Readonly<Record<string, FieldValue>>,
  channelName: string | undefined,
): Reference[] {
  const video = fields['video_id'];
  const key = fields['channel_id'];
  if (typeof video !== 'string' || typeof key === 'string' || channelName === undefined) return [];
  return [{ relation: 'videos.channel_id', owner: video, target: { name: channelName } }];
}
