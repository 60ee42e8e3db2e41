import { checkFiles } from '../files/check-files.ts';
import { openFiles } from '../files/open-files.ts';
import type { House } from './context.ts';
import type { Finding } from './health-checks.ts';
import { plural } from './table.ts';

const whole = (files: number): string =>
  files === 0 ? 'no uploads or exports yet' : `${plural(files, 'file')} of uploads and exports, with all their bytes`;

/** So many are told by name. */
const TOLD = 20;

/** Whether the bytes of uploads and exports that are kept are there; with `deep`, whether they are what they were. */
export async function checkKeptFiles({ config, database }: House, deep: boolean): Promise<Finding> {
  const check = 'kept files';
  const { store } = openFiles(config.dataDir, database.write);
  const { files, faults } = await checkFiles(database.write, store, deep);
  if (faults.length === 0) return { check, state: 'ok', found: whole(files) };
  const more = faults.length > TOLD ? [`… and ${plural(faults.length - TOLD, 'more')}`] : [];
  return {
    check,
    state: 'fail',
    found: [`${plural(faults.length, 'file')} of ${files}`, ...faults.slice(0, TOLD), ...more].join(
      `\n${' '.repeat(24)}`,
    ),
    advice: 'Copy files/ back from a copy of the data folder, or ask for the exports anew.',
  };
}
