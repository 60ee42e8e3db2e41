/** An editor who writes the same rows from everywhere, or too much at once. */
import { type Attack, type Field, type Outcome, postQuery } from './attack.ts';

const write = (
  name: string,
  lanes: number,
  may: readonly Outcome[],
  query: string,
  variables: (field: Field) => object,
): Attack => ({
  name: `write: ${name}`,
  lanes,
  may,
  run: (field) => postQuery(field, query, variables(field), field.editor),
});

const videoId = 'VID-000001';
const records = ({ random }: Field) =>
  Array.from({ length: 1_000 }, (_, n) => ({
    video_id: `HOSTILE-${n}`,
    source_url: 'https://example.org',
    title: `Title ${random.below(1_000_000)}`,
  }));

export const WRITES: readonly Attack[] = [
  write(
    'one row from everywhere',
    8,
    [200, 409],
    'mutation ($videoId: String!, $patch: VideoPatch!) { updateVideo(videoId: $videoId, patch: $patch) { changed } }',
    ({ random }) => ({ videoId, patch: { title: `Title ${random.below(1_000_000)}` } }),
  ),
  write(
    'thousands of rows by one filter',
    2,
    [200, 400, 409],
    'mutation ($title: String!) { updateVideos(where: { phase: { equals: 3 } }, patch: { title: $title }, atMost: 10000) { changed } }',
    ({ random }) => ({ title: `Title ${random.below(1_000_000)}` }),
  ),
  write(
    'records by the thousand',
    4,
    [200, 400, 409],
    'mutation ($records: [JSON!]!) { importRecords(dataset: "videos", records: $records) { status } }',
    (field) => ({ records: records(field) }),
  ),
];
