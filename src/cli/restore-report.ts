/** What a restore did, what differs from the database that was backed up, and what is to be done about it. */
import type { RestoredBackup, RestoreTarget } from '../backup/restore.ts';
import type { Config } from '../kernel/config.ts';
import type { Finished } from './restored.ts';
import { rowsInWords, rowsTable } from './row-counts.ts';
import { plural } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface Restore {
  readonly target: RestoreTarget;
  readonly restored: RestoredBackup;
  readonly finished: Finished;
}

interface Told {
  /** Whether the rows of each table are. */
  readonly tables: boolean;
  /** Those of the command: what is served without any other. */
  readonly settings: Pick<Config, 'dataDir' | 'databaseUrl'>;
}

/** For people, a line each. */
export function restoreReport(terminal: Terminal, restore: Restore, { tables, settings }: Told): string {
  const { target, restored } = restore;
  return [
    `Restored into ${placeOf(target)}: ${rowsInWords(restored.rows)}, as of ${restored.manifest.createdAt}.`,
    ...(tables ? [rowsTable(terminal, restored.rows)] : []),
    ...differences(restore),
    ...checks(restore.finished),
    ...nextStep(target, settings),
  ].join('\n');
}

/** For scripts. */
export function restoreJson({ target, restored, finished }: Restore): string {
  const { manifest, rows, migratedOn, leftOut } = restored;
  const { applied, endedImports, openJobs, missingFiles, sealed, faults } = finished;
  return JSON.stringify({
    into: placeOf(target),
    kind: manifest.kind,
    createdAt: manifest.createdAt,
    rows,
    applied: [...migratedOn, ...applied],
    endedImports,
    openJobs,
    missingFiles,
    sealed,
    leftOut,
    ...(faults !== undefined && { faults }),
  });
}

/** Without the password that stands in an address. */
function placeOf(target: RestoreTarget): string {
  if ('dataDir' in target) return target.dataDir;
  const { host, pathname } = new URL(target.databaseUrl);
  return host + decodeURIComponent(pathname);
}

function differences({ target, restored, finished }: Restore): string[] {
  const { migratedOn, leftOut, manifest } = restored;
  const { applied, endedImports, openJobs, missingFiles, sealed } = finished;
  const lines = [...migratedOn, ...applied].map((name) => `applied ${name}`);
  const tell = (isSo: boolean, line: string): void => void (isSo && lines.push(line));
  const imports = plural(endedImports, 'import');
  tell(
    endedImports > 0,
    `${imports} ran while the backup was taken: nothing of them is in it. Import their files again.`,
  );
  const jobs = plural(openJobs, 'job');
  tell(openJobs > 0, `${jobs} waited or ran while the backup was taken: the next server runs them.`);
  tell(manifest.kind === 'portable', 'The next server reads the words of search suggestions from the rows anew.');
  const files = 'dataDir' in target ? target.dataDir : 'the data folder';
  tell(
    missingFiles > 0,
    `${plural(missingFiles, 'file')} of uploads and exports: not here, for no backup holds them. Copy files/ of the former data folder to ${files}.`,
  );
  tell(sealed !== null, sealed ?? '');
  tell(
    leftOut.length > 0,
    `Left out, since no migration makes them: ${leftOut.join(', ')}. Their rows are in the backup.`,
  );
  return lines;
}

function checks({ faults }: Finished): string[] {
  if (faults === undefined) return ['Not checked against each other (--quick): npm run -s cairn -- doctor --deep'];
  if (faults.length === 0) return ['Checked: rows, changes, imports and references agree with each other.'];
  return faults.flatMap(({ check, found, advice }) => [`${check}: ${found}`, ...(advice ? [advice] : [])]);
}

function nextStep(target: RestoreTarget, { dataDir, databaseUrl }: Told['settings']): string[] {
  if (!('dataDir' in target) || (target.dataDir === dataDir && databaseUrl === undefined))
    return ['Serve it: npm start'];
  // A server of one's own would be served instead.
  const without = databaseUrl === undefined ? '' : 'DATABASE_URL= ';
  return [`Serve it: ${without}CAIRN_DATA_DIR=${target.dataDir} npm start`];
}
