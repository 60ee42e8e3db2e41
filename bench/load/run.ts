/** A run of the load: its folder, both halves, and everything removed again. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReleasers } from '../../src/kernel/release.ts';
import { librarySize } from '../reads/library.ts';
import { type AttackedFigures, runAttacked } from './attacked.ts';
import { type MixedFigures, runMixed } from './mixed.ts';
import { openPlace } from './place.ts';

export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
  readonly seed: number;
  /** Share of the library: 1 is 50,000 videos, and files of 200,000 to import. */
  readonly scale: number;
  /** Runs one half alone, or only attacks whose name begins so. */
  readonly only?: string | undefined;
  readonly note: (text: string) => void;
}

export interface LoadFound {
  readonly mixed: MixedFigures | undefined;
  readonly attacked: AttackedFigures | undefined;
}

const IMPORTED = 200_000;

/** Makes its data, runs, and removes what it made. */
export async function runLoads({ seconds, connections, seed, scale, only, note }: LoadOptions): Promise<LoadFound> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-load-'));
  // The embedded server's system user has to reach its cluster in it.
  await chmod(folder, 0o755);
  const releasers = createReleasers();
  const sized = (base: number, least = 1) => Math.max(least, Math.round(base * scale));
  const size = librarySize({ sized });
  try {
    note(`making ${size.videos} videos and what belongs to them`);
    const place = await openPlace(folder, size, seed, releasers);
    let mixed: MixedFigures | undefined;
    let attacked: AttackedFigures | undefined;
    if (only === undefined || only === 'mixed') {
      note(`${connections} connections of mixed reads while files are imported`);
      mixed = await runMixed(place, { seconds, connections, seed, size, imported: sized(IMPORTED, 500) });
    }
    if (only !== 'mixed') {
      note('a few users alone, then among hostile clients');
      attacked = await runAttacked(place, { seconds, seed, size, only: only === 'hostile' ? undefined : only });
    }
    return { mixed, attacked };
  } finally {
    await releasers.release();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
