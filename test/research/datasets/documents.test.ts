/** Analyses and reports: what a written document and its place make of it. */
import { describe, expect, test } from 'vitest';
import { fileFacts } from '../../../src/ingest/read/source.ts';
import type { JsonObject, JsonValue } from '../../../src/kernel/json.ts';
import analysisResults from '../../../src/research/datasets/analysis-results.ts';
import reports from '../../../src/research/datasets/reports.ts';

const markdown = (text: string, front: JsonValue = null) => ({ front_matter: front, text, json: null });
const analyses = (path: string, value: JsonValue): readonly JsonObject[] =>
  analysisResults.split?.(value, fileFacts(path, new Date(0))) ?? [];
const report = (path: string, value: JsonValue): readonly JsonObject[] =>
  reports.split?.(value, fileFacts(path, new Date(0))) ?? [];

describe('an analysis', () => {
  test.each([
    ['03_ANALYSIS/Library_Mapping/Video_1_Report.md', 'library_mapping:Video_1_Report', 'Video_001'],
    ['Phase_Reports/Gap_Analysis_Summary.md', 'phase_report:Gap_Analysis_Summary', undefined],
    ['03_ANALYSIS/Extractions/2025/Report.md', 'extraction:2025/Report', undefined],
    ['03_ANALYSIS/Phase_5_Final_Report.md', 'phase_report:Phase_5_Final_Report', undefined],
    ['03_ANALYSIS/Video_9_extraction.md', 'extraction:Video_9_extraction', 'Video_009'],
  ])('%s is %s', (path, id, video) => {
    const [record] = analyses(path, markdown('# Title\n\nText'));
    expect(record).toMatchObject({ analysis_id: id, analysis_type: id.split(':')[0], file_path: path, title: 'Title' });
    expect(record?.['video_id']).toBe(video);
  });

  test('keeps its own words apart from its columns', () => {
    const text = '# T\n\n**Analysis Type**: deep\n**File Path**: C:\\x\n**Video ID**: several\n**Results**: good\n';
    const [record] = analyses('Validation/Report.md', markdown(text));
    expect(record).toMatchObject({
      analysis_type: 'validation',
      file_path: 'Validation/Report.md',
      'Analysis Type (as written)': 'deep',
      'Results (as written)': 'good',
    });
    expect(record).not.toHaveProperty('video_id');
  });

  test('in JSON may be any JSON', () => {
    expect(analyses('Validation/a.json', [1, 2])[0]).toMatchObject({ items: [1, 2] });
    expect(analyses('Validation/a.json', [{ x: 1 }])[0]).toMatchObject({ x: 1 });
    expect(analyses('Validation/a.json', { results: [1], video_id: 'Video_3' })[0]).toMatchObject({
      'results (as written)': [1],
      video_id: 'Video_3',
    });
  });

  test('sent by a script is the row that it says', () => {
    const row = { analysisId: 'validation:x', analysisType: 'validation', results: { a: 1 }, updated_at: 'x' };
    const { updated_at: _, ...kept } = row;
    expect(analyses('records/analysis_results.jsonl', row)).toEqual([kept]);
  });
});

describe('a report', () => {
  test('goes by its file, and takes its first heading for a title', () => {
    const [record] = report(
      'REPORTS/RSH-AI-001_Plan.md',
      markdown('Intro\n\n## Heading ##\n\nBody', { author: 'Ída' }),
    );
    expect(record).toMatchObject({
      report_id: 'RSH-AI-001_Plan',
      title: 'Heading',
      research_id: 'RSH-AI-001',
      author: 'Ída',
      content: 'Intro\n\n## Heading ##\n\nBody',
    });
  });

  test('is one, whatever its JSON calls itself; a list with keys is a table', () => {
    expect(report('REPORTS/x.json', { report_id: 'y', name: 'N' })).toMatchObject([
      { report_id: 'x', title: 'N', 'report_id (as written)': 'y' },
    ]);
    expect(report('REPORTS/x.json', [{ report_id: 'a' }, { reportId: 'b' }])).toHaveLength(2);
    expect(report('REPORTS/x.json', [{ species: 1 }, { species: 2 }])).toMatchObject([{ report_id: 'x', title: 'x' }]);
  });

  test('is not rejected for words where a date or a research would stand', () => {
    const [record] = report(
      'REPORTS/x.md',
      markdown('**Date:** week 3\n**Published:** 2026-01-03\n**Research ID:** all of them\n'),
    );
    expect(record).toMatchObject({
      'Date (as written)': 'week 3',
      Published: '2026-01-03',
      'Research ID (as written)': 'all of them',
    });
    expect(record).not.toHaveProperty('research_id');
  });
});
