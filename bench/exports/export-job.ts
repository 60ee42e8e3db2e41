/** The videos of a house exported by the product, beside a statement that does the same through the same driver. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job } from '../job.ts';
import { houseOf } from './house.ts';

const COLUMNS =
  'video_id, source_url, title, duration, channel_id, status, phase, transcript_path, transcript_content, created_date, completed_date, metadata';
export const ROWS = `SELECT ${COLUMNS} FROM videos ORDER BY video_id`;

export interface Measured {
  readonly name: string;
  readonly measures: string;
  readonly format: string;
  /** What the limit is called, and its statement. */
  readonly limit: { readonly name: string; readonly statement: string };
}

const CHILD = join(import.meta.dirname, 'export-process.ts');

interface Exported {
  readonly bytes: number;
  readonly seconds: number;
  readonly peakMb: number;
}

/** In a process of its own: the videos as the product exports them, or as a statement does. */
export async function exportInChild(apiUrl: string, format: string, ...given: string[]): Promise<Exported> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, apiUrl, format, ...given]);
  return JSON.parse(stdout);
}

export function exportJob({ name, measures, format, limit }: Measured): Job {
  return {
    name,
    measures,
    unit: 'rows/s',
    better: 'more',
    targets: [
      { kind: 'ratio', against: limit.name, atLeast: 0.9 },
      { kind: 'bound', figure: 'peak MB', atMost: 150 },
    ],
    mostRounds: 3,
    open: async (bench) => {
      const { apiUrl, videos, versions } = await houseOf(bench);
      let expected: number | undefined;
      const run = async (...given: string[]) => {
        const { bytes, seconds, peakMb } = await exportInChild(apiUrl, format, ...given);
        expected ??= bytes;
        if (bytes !== expected || bytes < videos * 100) throw new Error(`${name}: ${bytes} bytes, not ${expected}`);
        return { value: videos / seconds, figures: { 'peak MB': peakMb } };
      };
      return {
        versions,
        contenders: [
          { name: 'cairn', role: 'subject', run: () => run() },
          { name: limit.name, role: 'limit', run: () => run(limit.statement) },
        ],
      };
    },
  };
}
