import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../../src/ingest/read/source.ts';
import type { JsonValue } from '../../../src/kernel/json.ts';
import { transcriptRecords } from '../../../src/research/transcripts/transcript-records.ts';

const records = (value: JsonValue, path = '02_TRANSCRIPTIONS/Video_7.json') =>
  transcriptRecords(value, fileFacts(path, new Date(0)));
const markdown = (text: string, front: JsonValue = null, json: JsonValue = null) => ({
  front_matter: front,
  text,
  json,
});

describe('the records of a transcript file', () => {
  test('are keyed by its name, whatever its content says', () => {
    const [first] = records({ video_id: 'Video_099', video_title: 'T' });
    expect(first).toMatchObject({ video_id: 'Video_007', video_id_in_file: 'Video_099' });
    expect(records(markdown('Video Title: T'), 'Video_19.md')[0]).toMatchObject({ video_id: 'Video_019' });
    expect(records(markdown('x'), 'Video_024_Transcription.md')[0]).toMatchObject({ video_id: 'Video_024' });
  });

  test('are several where the file holds several videos', () => {
    const found = records([{ title: 'One' }, { metadata: { video_title: 'Two' } }, { duration: '1:00' }]);
    expect(found.map((record) => [record['video_id'], record['title']])).toEqual([
      ['Video_007', 'One'],
      ['Video_007-2', 'Two'],
      ['Video_007-3', 'Video_007-3'],
    ]);
    expect(records({ videos: [{ title: 'One' }, { title: 'Two' }] })).toHaveLength(2);
  });

  test('are one where an array holds captions, or one video', () => {
    expect(
      records([
        { start: 0, text: 'a' },
        { start: 1, text: 'b' },
      ]),
    ).toMatchObject([
      { title: 'Video_7', transcript_content: 'a\nb', source_url: 'file:Video_7.json', status: 'completed' },
    ]);
    expect(records(['[00:00] a', '[00:05] b'])).toMatchObject([{ transcript_content: 'a\nb' }]);
    expect(records([{ title: 'Only' }])).toHaveLength(1);
  });

  test('have a title behind a placeholder, or else the name of the file', () => {
    const title = (text: string) => records(markdown(`Video Title: ${text}`), 'Video_7.md')[0]?.['title'];
    expect(title('Not Provided. Based on content: "Real"')).toBe('Real');
    expect(title('[Not Specified]')).toBe('Video_7');
  });

  test('let front matter speak first and keep the rest of it', () => {
    const front = { title: 'Front', tags: ['a'], duration: 70 };
    expect(records(markdown('- **Video Title**: Body\n- **Channel**: Ana', front), 'Video_7.md')[0]).toMatchObject({
      title: 'Front',
      channel_name: 'Ana',
      duration: '70',
      tags: ['a'],
    });
  });

  test('keep what JSON says twice', () => {
    const [record] = records({
      title: 'A',
      language: 'en',
      metadata: { title: 'B', language: 'de', video_url: 'N/A' },
    });
    expect(record).toMatchObject({ title: 'A', language: 'en' });
    expect(Object.values(record ?? {})).toEqual(expect.arrayContaining(['B', 'de']));
  });

  test('know the YouTube id from an address or from what JSON calls its video', () => {
    const canonical = 'https://www.youtube.com/watch?v=abcDEF-_123';
    expect(records({ video_url: 'https://youtu.be/abcDEF-_123?si=1' })[0]).toMatchObject({ source_url: canonical });
    expect(records({ video_id: 'abcDEF-_123' })[0]).toMatchObject({ source_url: canonical, youtube_id: 'abcDEF-_123' });
    expect(records({ video_url: 'https://vimeo.example/1' })[0]).toMatchObject({
      source_url: 'https://vimeo.example/1',
    });
  });

  test('are rows as they stand where a script sends them', () => {
    const path = 'records/transcripts.jsonl';
    const sent = {
      videoId: 'Video_30',
      title: 'Sent',
      sourceUrl: 'file:x',
      transcript_content: '[00:00] Hi',
      phase: 2,
    };
    expect(records(sent, path)[0]).toMatchObject({ video_id: 'Video_030', phase: 2, transcript_content: 'Hi' });
    expect(records({ title: 'No key' }, path)[0]).not.toHaveProperty('video_id');
    expect(records({ title: 'No key' }, path)[0]).not.toHaveProperty('transcript_path');
  });

  test('that are no videos come out empty, so that they are rejected', () => {
    expect(records([{ title: 'T' }, 5]).map((record) => Object.keys(record).length > 0)).toEqual([true, false]);
    expect(records(5).map((record) => Object.keys(record))).toEqual([[]]);
  });
});
