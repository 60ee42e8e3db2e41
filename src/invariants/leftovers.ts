/** What a killed process may not leave behind: imports and exports that seem to run, temporary tables, locks, transactions. */
import { faultsOf, type Invariant, together } from './invariant.ts';

/** An import's line is written a moment before its lock is taken. */
const GRACE = "interval '5 seconds'";
/** Longer than any write of ours may stand still. */
const ABANDONED = "interval '11 minutes'";

export const leftovers: Invariant = {
  name: 'leftovers',
  holds: 'processes that ended left nothing behind',
  advice:
    'Run `cairn doctor`, which ends the lines of killed imports and exports. End what holds the rest: SELECT pg_terminate_backend(pid) with the pid of the fault.',
  async look({ client, isAlone }) {
    const others = 'a.datname = current_database() AND a.pid <> pg_backend_pid()';
    const looks = [
      await faultsOf(
        client,
        `SELECT format('import %s (%s) seems to run since %s, and no process runs it', import_id, path, started_at) AS fault
           FROM imports
          WHERE status = 'running'
            AND ($1 OR (started_at < now() - ${GRACE}
                        AND pg_try_advisory_xact_lock(hashtextextended('import ' || import_id::text, 0))))`,
        [isAlone],
      ),
      await faultsOf(
        client,
        `SELECT format('export %s (%s) seems to run since %s, and no process runs it', export_id, path, started_at) AS fault
           FROM exports
          WHERE status = 'running' AND job_id IS NULL
            AND ($1 OR pg_try_advisory_xact_lock(hashtextextended('export ' || export_id::text, 0)))`,
        [isAlone],
      ),
      await faultsOf(
        client,
        `SELECT format('the temporary table %s belongs to no connection', c.oid::regclass) AS fault
           FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relpersistence = 't' AND c.relkind = 'r' AND n.oid <> pg_my_temp_schema()
            AND ($1 OR NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()))`,
        [isAlone],
      ),
      await faultsOf(
        client,
        `SELECT format('an advisory lock is held by the connection of pid %s (%s)', l.pid, a.application_name) AS fault
           FROM pg_locks l
           JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE l.locktype = 'advisory' AND l.granted AND ${others} AND ($1 OR a.state = 'idle')`,
        [isAlone],
      ),
      await faultsOf(
        client,
        `SELECT format('a transaction of pid %s (%s) stands still since %s', a.pid, a.application_name, a.state_change) AS fault
           FROM pg_stat_activity a
          WHERE ${others} AND a.state LIKE 'idle in transaction%' AND ($1 OR a.state_change < now() - ${ABANDONED})`,
        [isAlone],
      ),
    ];
    return together('imports, exports, temporary tables, locks, transactions', looks);
  },
};
