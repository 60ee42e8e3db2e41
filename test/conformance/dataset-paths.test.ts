/** One path, one dataset: what two would claim, neither gets. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { matchFile } from '../../src/ingest/match.ts';
import { fileFacts } from '../../src/ingest/read/source.ts';
import { registryOf } from '../../src/ingest/registry.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { datasetFiles, FIXTURES, pathsBelow } from './fixtures.ts';

const registry = registryOf((await datasetFiles()).filter(({ example }) => !example).map(({ dataset }) => dataset));

function datasetOf(path: string): string {
  const found = matchFile(registry, fileFacts(path, new Date(0)));
  return 'match' in found ? found.match.dataset.name : found.skipped;
}

test('no file of the samples and fixtures is claimed twice', async () => {
  const paths = [...(await pathsBelow(join(PROJECT_ROOT, 'samples'))), ...(await pathsBelow(FIXTURES))];
  expect(paths.length).toBeGreaterThan(60);
  expect(paths.map(datasetOf).filter((reason) => reason.startsWith('claimed by'))).toEqual([]);
});

/** Wherever the folder is entered, and whatever a file's neighbours are, its dataset is the same. */
test.each([
  ['Video_001.md', 'transcripts'],
  ['team/research/02_TRANSCRIPTIONS/video_19.MD', 'transcripts'],
  ['02_TRANSCRIPTIONS/2025/Video_027.json', 'transcripts'],
  ['ARCHIVE/02_TRANSCRIPTIONS/Video_003.md', 'transcripts'],
  ['02_TRANSCRIPTIONS/Video_006_Transcription.md', 'transcripts'],
  ['03_ANALYSIS/Gap_Analysis/Video_022_Gap_Analysis.md', 'analysis_results'],
  ['Gap_Analysis/Video_022.md', 'analysis_results'],
  ['03_ANALYSIS/Validation/deep/Video_022.json', 'analysis_results'],
  ['03_ANALYSIS/gap_analysis_Video_022_20251124_021632.md', 'analysis_results'],
  ['REPORTS/Video_022.md', 'reports'],
  ['03_ANALYSIS/Gap_Analysis/REPORTS/x.md', 'reports'],
  ['REPORTS/Gap_Analysis/x.md', 'analysis_results'],
  ['reports/reports.json', 'reports'],
  ['x/video_influencers.json', 'video_influencers'],
  ['x/videos.jsonl', 'videos'],
  ['01_VIDEO_QUEUE/Video_Queue_Master.json', 'videos'],
  ['01_VIDEO_QUEUE/VIDEO_QUEUE_MASTER.CSV', 'videos'],
  ['ARCHIVE/04_INFLUENCER_DATA/YouTube_Channels.json', 'channels'],
  [
    '02_TRANSCRIPTIONS/Video_024 (Спірна копія Ана 2025-11-21).md',
    'a conflict copy: it is never merged over the original',
  ],
  ["02_TRANSCRIPTIONS/Video_024 (Ana's conflicted copy).md", 'a conflict copy: it is never merged over the original'],
  ['02_TRANSCRIPTIONS/Video_024_CONFLICT_2025-11-21.md', 'a conflict copy: it is never merged over the original'],
  [
    '02_TRANSCRIPTIONS/Video_024.sync-conflict-20251121-080000-ABC.md',
    'a conflict copy: it is never merged over the original',
  ],
  ['02_TRANSCRIPTIONS/Video_024 2.md', 'a conflict copy: it is never merged over the original'],
  ['02_TRANSCRIPTIONS/Video_024 — копія.md', 'a conflict copy: it is never merged over the original'],
  ['02_TRANSCRIPTIONS/Video_024 - Its Title.md', 'no transcript: its name is not Video_ and a number'],
  ['x/researches.tsv', 'researches'],
  ['01_VIDEO_QUEUE/Video_Queue_Tracker.md', 'a tracker, no transcript'],
  ['Video_Discovery_Pipeline.md', 'a description of the process, no transcript'],
  ['Video_Transcription_Plan.md', 'a plan, no transcript'],
  ['Video_Notes.md', 'no transcript: its name is not Video_ and a number'],
  ['03_ANALYSIS/Phase_3_Execution_Plan.md', 'an execution plan, no analysis'],
  ['03_ANALYSIS/Integration/Video_001.md', 'of the integration folder, no analysis'],
  ['03_ANALYSIS/Thoughts.md', 'its folder and its name tell no type of analysis'],
  ['notes.txt', 'no dataset claims this path'],
])('%s is of: %s', (path, dataset) => {
  expect(datasetOf(path)).toBe(dataset);
});
