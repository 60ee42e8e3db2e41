import { describe, expect, test } from 'vitest';
import { readMarkdownTranscript } from '../../../src/research/transcripts/markdown-transcript.ts';

describe('a Markdown transcript', () => {
  test.each([
    ['Key: value', 'Video Title: A | b’s_c\nChannel/Creator: Ana\nVideo URL: https://youtu.be/x\nDuration: 5:50'],
    [
      '- **Key**: value',
      '- **Video Title**: A | b’s_c\n- **Channel/Creator**: Ana\n- **Video URL**: https://youtu.be/x\n- **Duration**: 5:50',
    ],
    ['**Key:** value', '**Title:** A | b’s_c\n**Creator:** Ana\n**Video URL:** https://youtu.be/x\n**Duration:** 5:50'],
    [
      'value on the next line',
      'Video Name:\nA | b’s_c\nChannel:\nAna\nVideo Link:\nhttps://youtu.be/x\nDuration:\n5:50',
    ],
    [
      'a heading for a title',
      '# A | b’s_c\n\n**Creator:** Ana\n**Video Link:** https://youtu.be/x\n\n- **Length**: 5:50',
    ],
  ])('is read in the dialect: %s', (_name, text) => {
    expect(readMarkdownTranscript(text).values).toEqual({
      title: 'A | b’s_c',
      channel_name: 'Ana',
      address: 'https://youtu.be/x',
      duration: '5:50',
    });
  });

  test('may have its bare address first', () => {
    const { values } = readMarkdownTranscript(
      'https://youtu.be/abcDEF-_123?si=1\n\nVideo URL: Not provided.\nDuration: 1:00',
    );
    expect(values).toEqual({ address: 'https://youtu.be/abcDEF-_123?si=1', duration: '1:00' });
  });

  test('keeps every word that is neither a value nor speech', () => {
    const { rest, segments } = readMarkdownTranscript(
      [
        '- **Title**: T',
        '- **Reviewed By**: Ída',
        '## Description',
        'About it.',
        '**Key Topics**:',
        '- one',
        '## Full Transcription',
        '[00:00] Words.',
        '### A heading inside',
        '## Afterthought',
        'Later.',
      ].join('\n'),
    );
    expect(rest).toEqual({
      'Reviewed By': 'Ída',
      description: 'About it.',
      key_topics: '- one',
      Afterthought: 'Later.',
    });
    expect(segments.map(({ text }) => text)).toEqual(['Words.\n### A heading inside']);
  });

  test('takes no value from a description, and none from what is said', () => {
    const { values, rest, segments } = readMarkdownTranscript(
      [
        'Video Title: Mine',
        'Video Description:',
        'Link: https://shop.example',
        'Title: Another video',
        'Video content:',
        '[00:00] Duration: a word I say.',
      ].join('\n'),
    );
    expect(values).toEqual({ title: 'Mine' });
    expect(rest).toEqual({ description: 'Link: https://shop.example\nTitle: Another video' });
    expect(segments[0]?.text).toBe('Duration: a word I say.');
  });

  test('does not take chapters, absent subtitles or a short note for speech', () => {
    const silent = [
      'Video Description:\n0:00 - Start\n1:00 - End',
      'Video Subtitles:\nNo subtitles exist in the video.',
      '## Full Transcription\n[To be extracted]',
      'Still to be done.',
    ];
    for (const text of silent) expect(readMarkdownTranscript(text).segments).toEqual([]);
  });

  test('may be speech alone, timed or not', () => {
    expect(readMarkdownTranscript('[00:00] One.\n[00:05] Two.').segments).toHaveLength(2);
    expect(readMarkdownTranscript('Long talk. '.repeat(30)).segments).toHaveLength(1);
  });

  test('is read in a moment, whatever stands in it', () => {
    const nasty = [
      ' '.repeat(1_000_000),
      `# ${' #'.repeat(500_000)}`,
      `- **${'a '.repeat(500_000)}`,
      `**Title:**${' '.repeat(1_000_000)}x`,
      `1. ${'a'.repeat(1_000_000)}`,
      `[00:00] ${'**'.repeat(500_000)}`,
    ];
    const started = performance.now();
    readMarkdownTranscript(`Video content:\n${nasty.join('\n')}`);
    readMarkdownTranscript(nasty.join('\n'));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
