/** Which files of a running cluster a copy of it holds. The list is that of PostgreSQL's own base backup. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';

export interface ClusterFiles {
  /** From the data directory, parents first. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** Kept as empty folders: what is in them belongs to the running server, or comes along by other ways (the log's segments). */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const WITHIN_WAL = ['pg_wal/archive_status', 'pg_wal/summaries'];

/** Of the running server, made anew at the next start, or written by the end of the backup. */
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'tablespace_map',
  'tablespace_map.old',
  'backup_manifest',
  'postgresql.auto.conf.tmp',
  'current_logfiles',
  'current_logfiles.tmp',
]);

/** The state of the cluster as a whole: copied last and with care. */
export const CONTROL_FILE = 'global/pg_control';

const TEMPORARY = /^pgsql_tmp|^pg_internal\.init/;
/** `t3_16384_vm.1`: a session's own table. */
const TEMPORARY_TABLE = /^t\d+_\d+(_\w+)?(\.\d+)?$/;
/** `16384_fsm.1`: a table's number, fork and part. */
const TABLE = /^(\d+)(_(?!init)\w+)?(\.\d+)?$/;
const INIT = /^(\d+)_init$/;

/**
 * What to copy of the data directory `data`, except for its control file.
 * @throws AppError CONFIG_INVALID when some of it lies in tablespaces elsewhere
 */
export async function listCluster(data: string): Promise<ClusterFiles> {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(data, folder), { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      // A database that was dropped a moment ago; the log tells of it.
      if (cause.code === 'ENOENT' && folder !== '') return [];
      throw cause;
    });
    if (folder === 'pg_tblspc' && entries.length > 0) throw tablespaces(data);
    const unlogged = new Set(entries.flatMap(({ name }) => INIT.exec(name)?.[1] ?? []));
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (EMPTIED.has(path)) folders.push(path, ...(path === 'pg_wal' ? WITHIN_WAL : []));
      else if (TEMPORARY.test(entry.name) || LEFT_OUT.has(path)) continue;
      else if (entry.isDirectory()) {
        folders.push(path);
        await walk(path);
      } else if (path !== CONTROL_FILE && !isPassing(entry.name, unlogged)) files.push(path);
    }
  };
  await walk('');
  return { folders, files };
}

/** Whether a file is a table's that recovery empties: a session's own, or an unlogged one's (all of it but its empty form). */
function isPassing(name: string, unlogged: ReadonlySet<string>): boolean {
  return TEMPORARY_TABLE.test(name) || unlogged.has(TABLE.exec(name)?.[1] ?? '');
}

function tablespaces(data: string): AppError {
  return new AppError('CONFIG_INVALID', `The cluster in ${data} has tablespaces outside of its folder`, {
    path: data,
    hint: 'Add --portable: that backup reads the rows through the server, wherever they lie.',
  });
}
