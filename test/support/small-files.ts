/** Generated files for the small datasets: few keys and few values, so that files meet each other in every way. */
import fc from 'fast-check';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { TestFile } from './import-folder.ts';

export interface SmallFile extends TestFile {
  readonly records: readonly JsonObject[];
}

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values);
const someOf = (...values: readonly string[]) => fc.subarray([...values]);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const video = oneOf('v1', 'v2', 'v3');
const videoRecord = {
  video_id: video,
  source_url: oneOf('https://x.org/1', 'https://x.org/2'),
  title: oneOf('One', 'Two', 'Three'),
  // 9 is out of range: such a record is a reject.
  phase: maybe(fc.constantFrom(1, 2, 9)),
  channel_id: maybe(oneOf('c1', 'c2', 'c3')),
  channel: maybe(oneOf('Alpha', 'beta')),
  level: maybe(fc.constantFrom(1, 2)),
  extra: maybe(fc.constantFrom({ a: null, b: 1 }, { a: 1 })),
  other: maybe(oneOf('x', 'y')),
  added_by: maybe(someOf('Ann', 'ANN', 'Bob')),
};

const KINDS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  employees: fc.record({
    employee_id: oneOf('ann', 'bob'),
    name: oneOf('Ann A', 'Bob B'),
    email: maybe(oneOf('a@x', 'b@x')),
  }),
  channels: fc.record({
    channel_id: oneOf('c1', 'c2', 'c3'),
    name: oneOf('Alpha', 'ALPHA', 'Beta'),
    category: maybe(oneOf('k', 'l')),
    videos: maybe(someOf('v1', 'v2', 'v3')),
  }),
  notes: fc.record({ ...videoRecord, said: maybe(fc.array(oneOf('hm', 'ah'), { maxLength: 3 })) }),
  queue: fc.record({ ...videoRecord, status: maybe(oneOf('queued', 'failed')) }),
  old: fc.record({ ...videoRecord, status: maybe(oneOf('queued', 'failed')) }),
  researches: fc.record({
    research_id: oneOf('r1', 'r2'),
    title: oneOf('P', 'Q'),
    department: oneOf('AI', 'DEV'),
    researcher_id: maybe(oneOf('ann', 'bob')),
    videos: maybe(someOf('v1', 'v2', 'v3')),
  }),
  links: fc.record({ research_id: oneOf('r1', 'r2'), video_id: video, relevance_score: maybe(fc.constantFrom(0, 1)) }),
};

/** The bytes of a file of records, one JSON document a line. */
export function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('') || '\n';
}

/** A file of these records, written `hour` hours after the fixed time. */
export const recordsFile = (path: string, records: readonly object[], hour = 0): TestFile => ({
  path,
  content: jsonLines(records),
  hour,
});

/** A record of a video with no more than it must have. */
export const smallVideo = (more: object = {}, key = 'v1'): object => ({
  video_id: key,
  source_url: 'https://x.org',
  title: 'T',
  ...more,
});

/** One file of a kind (`queue`), `place` telling its name from others'. */
export function smallFile(kind: string, place: number): fc.Arbitrary<SmallFile> {
  const record = KINDS[kind];
  if (record === undefined) throw new Error(`No kind ${kind}`);
  return fc
    .record({ records: fc.array(record, { minLength: 1, maxLength: 4 }), hour: fc.integer({ min: 0, max: 3 }) })
    .map(({ records, hour }) => {
      const plain: JsonObject[] = JSON.parse(JSON.stringify(records));
      return {
        path: `${place % 2 === 0 ? 'a' : 'b'}/${kind}_${place}.jsonl`,
        content: jsonLines(plain),
        hour,
        records: plain,
      };
    });
}

/** A folder: two to seven files of any kinds. */
export const smallFolder: fc.Arbitrary<SmallFile[]> = fc
  .array(fc.constantFrom(...Object.keys(KINDS), 'notes', 'queue', 'channels'), { minLength: 2, maxLength: 7 })
  .chain((kinds) => fc.tuple(...kinds.map(smallFile)));

/** A folder and its files in another order. */
export const shuffledFolder: fc.Arbitrary<{ files: SmallFile[]; order: SmallFile[] }> = smallFolder.chain((files) =>
  fc.shuffledSubarray(files, { minLength: files.length }).map((order) => ({ files, order })),
);
