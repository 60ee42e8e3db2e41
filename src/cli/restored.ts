/** What follows a restore: the database is opened as every command does, and its rows are held against each other. */
import type { RestoreTarget } from '../backup/restore.ts';
import { openDatabase } from '../database/connect.ts';
import { sweepExports } from '../exports/log.ts';
import { sweepImports } from '../ingest/journal.ts';
import { loadRegistry } from '../ingest/registry.ts';
import type { CommandContext } from './context.ts';
import { checkDeeply } from './deep-checks.ts';
import type { Finding } from './health-checks.ts';

export interface Finished {
  /** Migrations applied to what was restored. */
  readonly applied: readonly string[];
  /** Imports that ran while the backup was taken: nothing of them is in it. */
  readonly endedImports: number;
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
    if (!isDeep) return { applied: database.applied, endedImports };
    const ingest = { database, log, ...(await loadRegistry()) };
    const faults: Finding[] = [];
    for await (const finding of checkDeeply(
      { config, database, ingest, log, close: database.close },
      context.folder,
      [],
    )) {
      context.interruption.throwIfInterrupted();
      if (finding.state === 'fail') faults.push(finding);
    }
    return { applied: database.applied, endedImports, faults };
  } finally {
    await database.close();
  }
}
