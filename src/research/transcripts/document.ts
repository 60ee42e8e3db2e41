/** What every form of transcript file comes down to, and the names under which its values stand in files. */
import type { MutableJsonObject } from '../../kernel/json.ts';
import type { Segment } from './segments.ts';

/** One video of a transcript file: values as the file writes them, still unchecked. */
export interface TranscriptDocument {
  readonly values: Partial<Record<ValueRole, string>>;
  /** What was said, in order; empty where the file holds no spoken text. */
  readonly segments: readonly Segment[];
  /** Everything else that the file says, under its own names. */
  readonly rest: MutableJsonObject;
}

export type ValueRole = 'title' | 'channel_name' | 'address' | 'duration' | 'published_date';

/** Names of values, as letters and digits alone: `Channel/Creator` is `channelcreator`. */
const VALUE_NAMES: Readonly<Record<ValueRole, readonly string[]>> = {
  title: ['videotitle', 'videoname', 'title'],
  channel_name: ['channelcreator', 'creatorchannel', 'channel', 'channelname', 'creator', 'youtubechannel'],
  address: ['videourl', 'videolink', 'sourceurl', 'youtubeurl', 'youtubelink', 'url', 'link'],
  duration: ['duration', 'videoduration', 'videolength', 'length'],
  published_date: [
    'publicationdate',
    'publishdate',
    'publisheddate',
    'published',
    'publishedat',
    'uploaddate',
    'videodate',
  ],
};

/** Names of what was said. Subtitles come last: files that have both repeat themselves there. */
export const SPOKEN_NAMES = [
  'transcriptcontent',
  'wordforwordtranscription',
  'wordforwordtranscript',
  'fulltranscription',
  'fulltranscript',
  'videotranscription',
  'videotranscript',
  'transcription',
  'transcript',
  'videocontent',
  'captions',
  'segments',
  'videosubtitles',
  'subtitles',
] as const;

/** Blocks of text that have one name here, however a file heads them. */
const BLOCK_NAMES: Readonly<Record<string, string>> = {
  description: 'description',
  videodescription: 'description',
  descriptionsection: 'description',
  keytopics: 'key_topics',
  linksreferenced: 'links_referenced',
};

const roles = new Map<string, ValueRole>();
for (const role of Object.keys(VALUE_NAMES) as ValueRole[]) for (const name of VALUE_NAMES[role]) roles.set(name, role);

/** Letters and digits of a name, in lower case, without the number that a section may carry (`3. Transcription`). */
export function bareName(name: string): string {
  return name
    .replace(/^\s*\d{1,2}\.\s+/, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}

export function valueRole(name: string): ValueRole | undefined {
  return roles.get(bareName(name));
}

/** Rank of a name of spoken text, 0 first; undefined for every other name. */
export function spokenRank(name: string): number | undefined {
  const rank = (SPOKEN_NAMES as readonly string[]).indexOf(bareName(name));
  return rank < 0 ? undefined : rank;
}

/** The name under which a block of text is kept. */
export function blockName(heading: string): string {
  return BLOCK_NAMES[bareName(heading)] ?? heading;
}

/** True for a block that this context has a name for: it starts wherever its name stands before a colon. */
export function isKnownBlock(name: string): boolean {
  const bare = bareName(name);
  return BLOCK_NAMES[bare] !== undefined || spokenRank(name) !== undefined;
}
