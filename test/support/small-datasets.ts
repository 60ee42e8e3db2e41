/** Datasets of every kind over the real tables, small enough that a generated folder can hold each case of all of them. */
import { type Dataset, defineDataset } from '../../src/ingest/dataset.ts';
import { id, integer, reference, text } from '../../src/ingest/fields/index.ts';
import type { JsonObject, JsonValue } from '../../src/kernel/json.ts';

const texts = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

const employees = defineDataset({
  name: 'employees',
  title: 'Employees',
  description: 'Named by others too.',
  table: 'employees',
  key: ['employee_id'],
  files: [{ pattern: '**/employees*.jsonl' }],
  rulesVersion: 1,
  fields: { employee_id: id(), name: text({ max: 500, required: true }), email: text() },
  rest: 'metadata',
});

const channels = defineDataset({
  name: 'channels',
  title: 'Channels',
  description: 'List videos of theirs.',
  table: 'channels',
  key: ['channel_id'],
  files: [{ pattern: '**/channels*.jsonl' }],
  rulesVersion: 1,
  fields: { channel_id: id(), name: text({ required: true }), category: text() },
  rest: 'metadata',
  ignore: ['videos'],
  brings: ({ fields, source }) => ({
    references: texts(source['videos']).map((owner) => ({
      relation: 'videos.channel_id',
      owner,
      target: String(fields['channel_id']),
    })),
  }),
});

const videoFields = {
  video_id: id(),
  source_url: text({ required: true }),
  title: text({ required: true }),
  phase: integer({ min: 1, max: 7 }),
  channel_id: reference('channels'),
  'metadata.level': integer(),
};

function videoBrings(source: JsonObject, key: string) {
  const { channel, added_by: addedBy } = source;
  return {
    references:
      typeof channel === 'string' ? [{ relation: 'videos.channel_id', owner: key, target: { name: channel } }] : [],
    derived: texts(addedBy).map((name) => ({
      table: 'employees',
      fields: { employee_id: name.toLowerCase(), name },
    })),
  };
}

const notes = defineDataset({
  name: 'notes',
  title: 'Notes',
  description: 'Speak of videos before any queue.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/notes*.jsonl' }],
  authority: 0,
  rulesVersion: 1,
  fields: videoFields,
  rest: 'metadata',
  ignore: ['said', 'channel', 'added_by'],
  brings: ({ fields, source }) => ({
    ...videoBrings(source, String(fields['video_id'])),
    ...(source['said'] !== undefined && {
      parts: { video_segments: texts(source['said']).map((said) => ({ text: said })) },
    }),
  }),
  parts: [
    {
      table: 'video_segments',
      key: ['video_id', 'position'],
      columns: ['start_seconds', 'end_seconds', 'speaker', 'text'],
    },
  ],
});

const queue = defineDataset({
  name: 'queue',
  title: 'Queue',
  description: 'Speaks of videos below notes, and older queues below newer ones.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/queue*.jsonl' }, { pattern: '**/old*.jsonl' }],
  authority: 1,
  rulesVersion: 1,
  fields: { ...videoFields, status: text() },
  rest: 'metadata',
  ignore: ['channel', 'added_by'],
  brings: ({ fields, source }) => videoBrings(source, String(fields['video_id'])),
});

const researches = defineDataset({
  name: 'researches',
  title: 'Researches',
  description: 'Name their videos.',
  table: 'researches',
  key: ['research_id'],
  files: [{ pattern: '**/researches*.jsonl' }],
  rulesVersion: 1,
  fields: {
    research_id: id(),
    title: text({ required: true }),
    department: text({ required: true }),
    researcher_id: reference('employees'),
  },
  rest: 'metadata',
  ignore: ['videos'],
  brings: ({ fields, source }) => ({
    references: texts(source['videos']).map((target) => ({
      relation: 'research_videos',
      owner: String(fields['research_id']),
      target,
    })),
  }),
});

const links = defineDataset({
  name: 'links',
  title: 'Links',
  description: 'Videos of researches, scored.',
  table: 'research_videos',
  key: ['research_id', 'video_id'],
  files: [{ pattern: '**/links*.jsonl' }],
  rulesVersion: 1,
  fields: {
    research_id: reference('researches'),
    video_id: reference('videos'),
    relevance_score: integer({ min: 0, max: 1 }),
  },
});

export const SMALL_DATASETS: readonly Dataset[] = [employees, channels, notes, queue, researches, links];
export {
  channels as smallChannels,
  links as smallLinks,
  notes as smallNotes,
  queue as smallQueue,
  researches as smallResearches,
};
