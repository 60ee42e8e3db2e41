/** Datasets as loose as their tables allow, and looser in what their records bring along. */
import { type Dataset, defineDataset } from '../../src/ingest/dataset.ts';
import { date, id, integer, json, reference, text } from '../../src/ingest/fields/index.ts';

/** What a dataset file might make of a value: readers let none of it through. */
const made = (value: string): string => value.replace('{NUL}', '\0').replace('{HALF}', '\udfff');

const videos = defineDataset({
  name: 'videos',
  title: 'Videos',
  description: 'As loose as its table allows.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/videos*' }],
  rulesVersion: 1,
  fields: {
    video_id: id({ max: 200 }),
    source_url: text({ max: 2000, required: true }),
    title: text({ max: 2000, required: true }),
    phase: integer({ min: 1, max: 7 }),
    channel_id: reference('channels', { max: 200 }),
    transcript_content: text({ max: 16_000_000 }),
    'metadata.published': date(),
    'metadata.facts': json(),
  },
  rest: 'metadata',
  brings: ({ fields, source }) => ({
    references:
      typeof source['channel'] === 'string'
        ? [
            {
              relation: 'videos.channel_id',
              owner: String(fields['video_id']),
              target: { name: made(source['channel']) },
            },
          ]
        : [],
    derived:
      typeof source['by'] === 'string'
        ? [
            {
              table: 'employees',
              fields: {
                employee_id: made(source['by']).slice(0, 100),
                name: source['by'] === '{NONE}' ? null : made(source['by']),
              },
            },
          ]
        : [],
    ...(Array.isArray(source['said']) && {
      parts: { video_segments: source['said'].map((said) => ({ text: said })) },
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
const channels = defineDataset({
  name: 'channels',
  title: 'Channels',
  description: 'For references.',
  table: 'channels',
  key: ['channel_id'],
  files: [{ pattern: '**/channels*' }],
  rulesVersion: 1,
  fields: { channel_id: id(), name: text({ required: true }) },
});
const employees = defineDataset({
  name: 'employees',
  title: 'Employees',
  description: 'For derived rows.',
  table: 'employees',
  key: ['employee_id'],
  files: [{ pattern: '**/employees*' }],
  rulesVersion: 1,
  fields: { employee_id: id(), name: text({ max: 500, required: true }) },
});

/** Its checks are looser than the table's: what they let through, the staging table or the merge refuses. */
export const tooLooseVideos: Dataset = defineDataset({
  name: 'videos',
  title: 'Videos',
  description: 'Too loose.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/videos*' }],
  rulesVersion: 1,
  fields: { video_id: id(), source_url: text(), title: text(), phase: integer(), duration: integer({ min: 0 }) },
  rest: 'metadata',
});

export const LOOSE_DATASETS: readonly Dataset[] = [videos, channels, employees];
