/** What follows a restore: the database is opened as every command does, and its rows are held against each other. */
import type { RestoreTarget } from '../backup/restore.ts';
import { type Database, openDatabase } from '../database/connect.ts';
import { sweepExports } from '../exports/log.ts';
import { checkFiles } from '../files/check-files.ts';
import { openFiles } from '../files/open-files.ts';
import { sweepImports } from '../ingest/journal.ts';
import { loadRegistry } from '../ingest/registry.ts';
import type { Config } from '../kernel/config.ts';
import { AppError } from '../kernel/errors.ts';
import { openKeyring } from '../kernel/keyring.ts';
import { requireKeys } from '../sources/connections/require-keys.ts';
import type { CommandContext } from './context.ts';
import { checkDeeply } from './deep-checks.ts';
import type { Finding } from './health-checks.ts';

export interface Finished {
  /** Migrations applied to what was restored. */
  readonly applied: readonly string[];
  /** Imports that ran while the backup was taken: nothing of them is in it. */
  readonly endedImports: number;
  /** Jobs that waited or ran while it was taken: the next server or worker runs them. */
  readonly openJobs: number;
  /** Uploads and exports that are on record here, and whose bytes are not. */
  readonly missingFiles: number;
  /** Why sealed secrets cannot be opened here, and what to do; null where they can. */
  readonly sealed: string | null;
  /** What does not hold in the restored database; undefined where nobody asked. */
  readonly faults?: readonly Finding[];
}

/** Migrates what was restored on, ends the lines of imports and exports that nobody runs any more and, if `isDeep`, checks every invariant. */
export async function finishRestore(
  context: CommandContext,
  target: RestoreTarget,
  isDeep: boolean,
): Promise<Finished> {
  const log = context.openLog('command');
  const databaseUrl = 'dataDir' in target ? undefined : target.databaseUrl;
  // The files that rows came from may have gone on since: no folder is looked into.
  const config = { ...context.settings(), ...target, databaseUrl, importRoots: [] };
  const database = await openDatabase(config, log);
  try {
    const endedImports = await sweepImports(database.write, 0);
    await sweepExports(database.write);
    const { store } = openFiles(config.dataDir, database.write);
    const finished = {
      applied: database.applied,
      endedImports,
      openJobs: await countOpenJobs(database),
      missingFiles: (await checkFiles(database.write, store, false)).faults.length,
      sealed: await whySealed(database, config),
    };
    if (!isDeep) return finished;
    const ingest = { database, log, ...(await loadRegistry()) };
    const house = { config, database, ingest, log, close: database.close };
    const faults: Finding[] = [];
    for await (const finding of checkDeeply(house, { folder: context.folder, roots: [], isAlone: true })) {
      context.interruption.throwIfInterrupted();
      if (finding.state === 'fail') faults.push(finding);
    }
    return { ...finished, faults };
  } finally {
    await database.close();
  }
}

async function countOpenJobs({ write }: Database): Promise<number> {
  const { rows } = await write.query<{ open: number }>(
    "SELECT count(*)::float8 AS open FROM jobs WHERE status IN ('queued', 'running')",
  );
  return rows[0]?.open ?? 0;
}

/** A start without the keys is refused: who restores hears of it now. */
async function whySealed(database: Database, { keys, dataDir }: Config): Promise<string | null> {
  try {
    await requireKeys({ database, keyring: openKeyring(keys, dataDir) });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.code === 'CONFIG_INVALID')) throw thrown;
    return [`${thrown.message}.`, thrown.hint ?? ''].join(' ').trimEnd();
  }
}
