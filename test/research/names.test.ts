/** What names, keys and addresses in research files mean. */
import { describe, expect, test } from 'vitest';
import { employeeKey, employeesNamed } from '../../src/research/people.ts';
import { slug } from '../../src/research/slug.ts';
import { numberedVideoKey, transcriptKeyInPath, videoKeyOf, videoKeysInName } from '../../src/research/video-key.ts';
import { youtubeIdInAddress, youtubeIdItself } from '../../src/research/youtube.ts';

describe('a YouTube id', () => {
  test.each([
    ['https://youtu.be/abcDEF-_123?si=xYz', 'abcDEF-_123'],
    ['https://www.youtube.com/watch?v=abcDEF-_123&t=5s', 'abcDEF-_123'],
    ['http://youtube.com/watch?list=PL1&v=abcDEF-_123', 'abcDEF-_123'],
    ['youtube.com/shorts/abcDEF-_123', 'abcDEF-_123'],
    ['https://m.youtube.com/live/abcDEF-_123?feature=share', 'abcDEF-_123'],
    ['https://www.youtube-nocookie.com/embed/abcDEF-_123', 'abcDEF-_123'],
    ['[the video](https://youtu.be/abcDEF-_123?si=1)', 'abcDEF-_123'],
    ['<https://youtu.be/abcDEF-_123>', 'abcDEF-_123'],
    ['https://www.youtube.com/@channel', null],
    ['https://youtu.be/tooShort', null],
    ['https://youtu.be/abcDEF-_1234', null],
    ['https://example.org/watch?v=abcDEF-_123', null],
  ])('in %s is %s', (address, id) => {
    expect(youtubeIdInAddress(address)).toBe(id);
  });

  test('stands alone only where it is none of our keys', () => {
    expect(youtubeIdItself(' abcDEF-_123 ')).toBe('abcDEF-_123');
    expect(youtubeIdItself('Video_00024')).toBeNull();
    expect(youtubeIdItself('VQ-00000001')).toBeNull();
    expect(youtubeIdItself('Video_024')).toBeNull();
  });

  test('is looked for in a text of any length without delay', () => {
    const started = performance.now();
    expect(youtubeIdInAddress('youtube.com/watch?&'.repeat(500_000))).toBeNull();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a video key', () => {
  test.each([
    ['Video_19', 'Video_019'],
    ['video 7', 'Video_007'],
    ['VIDEO-0024', 'Video_024'],
    ['Video_1000', 'Video_1000'],
    ['Video_2-02', 'Video_002-2'],
    ['Video_024 (1)', null],
    ['Video_024_Report', null],
    ['Video_', null],
  ])('%s is %s', (text, key) => {
    expect(numberedVideoKey(text)).toBe(key);
  });

  test('is found in the path of a transcript only', () => {
    expect(transcriptKeyInPath('ENTITIES/RESEARCHES/02_TRANSCRIPTIONS/Video_19.md')).toBe('Video_019');
    expect(transcriptKeyInPath('C:\\research\\Video_5.JSON')).toBe('Video_005');
    expect(transcriptKeyInPath('02_TRANSCRIPTIONS/Video_024 (copy).md')).toBeNull();
    expect(transcriptKeyInPath('ENTITIES/TASK_MANAGERS/RESEARCHES/')).toBeNull();
    expect(transcriptKeyInPath('Notes about Video_19.md')).toBeNull();
  });

  test('is a mention in any form', () => {
    expect([' Video_3', 'Video_3.md', '\uFEFFVideo_3\u200B', 'abcDEF-_123'].map(videoKeyOf)).toEqual([
      'Video_003',
      'Video_003',
      'Video_003',
      'abcDEF-_123',
    ]);
  });

  test.each([
    ['Tool_Validation_Report_Video_006_008', ['Video_006', 'Video_008']],
    ['gap_analysis_Video_022_20251124_021632', ['Video_022']],
    ['Video_1_and_Video_2_Video_1', ['Video_001', 'Video_002']],
    ['Phase_7_Completion_Report', []],
  ])('stands in the name %s', (name, keys) => {
    expect(videoKeysInName(name)).toEqual(keys);
  });
});

describe('a person', () => {
  test('has a key of letters and digits of any alphabet', () => {
    expect(['Niko Kar', '  SMM  Manager ', 'Developer1', 'Ída Berg', 'Олена Коваль-Їжак'].map(slug)).toEqual([
      'niko-kar',
      'smm-manager',
      'developer1',
      'ída-berg',
      'олена-коваль-їжак',
    ]);
    expect(employeeKey('???')).toBeNull();
    expect(employeeKey('x'.repeat(201))).toBeNull();
  });

  test('is named once, whatever the columns, and never by a placeholder', () => {
    const record = { Added_By: 'Niko Kar', 'selected by': 'niko  kar', Employee: 'TBD', Other: 'Nobody' };
    expect(employeesNamed(record, ['Added_By', 'Selected_By', 'Employee'])).toEqual([
      { table: 'employees', fields: { employee_id: 'niko-kar', name: 'Niko Kar' } },
    ]);
  });
});
