/** `cairn doctor --deep`: every invariant of the database, as findings. */
import { resolve } from 'node:path';
import { type Checked, checkInvariants } from '../invariants/check-invariants.ts';
import { plural, TOLD } from '../invariants/invariant.ts';
import type { House } from './context.ts';
import type { Finding } from './health-checks.ts';

export interface DeepLook {
  /** What relative roots are relative to. */
  readonly folder: string;
  /** Folders whose files are read again, beside the import roots. */
  readonly roots: readonly string[];
  /** Whether nobody else uses the database: then nothing may be under way, and what waits for a worker waits for its start. */
  readonly isAlone?: boolean;
}

/** Yields each finding as soon as it is known: on a large database they take minutes. */
export async function* checkDeeply(
  { config, database, ingest }: House,
  { folder, roots, isAlone = false }: DeepLook,
): AsyncGenerator<Finding> {
  const places = [...roots.map((root) => resolve(folder, root)), ...config.importRoots];
  const looked = { registry: ingest, roots: places, isAlone };
  for await (const checked of checkInvariants(database.write, looked)) yield findingOf(checked);
}

function findingOf({ invariant, at, faults, total }: Checked): Finding {
  const { name: check, holds, advice, isOfEarlierReleases = false } = invariant;
  if (total === 0) return { check, state: 'ok', found: `${holds} (${at})` };
  const more = total > faults.length ? [`… and ${plural(total - faults.length, 'more fault')}`] : [];
  const found = [
    `it does not hold that ${holds}: ${plural(total, 'fault')} (${at})`,
    ...faults.slice(0, TOLD),
    ...more,
  ];
  return { check, state: isOfEarlierReleases ? 'warn' : 'fail', found: found.join(`\n${' '.repeat(24)}`), advice };
}
