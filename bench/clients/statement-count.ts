/** How many statements reach the database, as its own log tells: the same measure for every program. */
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What frames a transaction or sets its actor is no question to the database, whoever sends it. */
const FRAME = /^\s*(BEGIN|COMMIT|ROLLBACK|SELECT set_config\()/i;
/** The name of a prepared statement may hold a colon, though none with a space after it. */
const LINE = /LOG: {2}(?:execute .*?|statement): (.*)$/gm;
const SETTLE_MS = 300;

/**
 * Counts the statements that the server of `ownerUrl` executes while `work` runs. Its log has to be the file `log`; nobody else
 * may use the server meanwhile.
 */
export async function countStatements(ownerUrl: string, log: string, work: () => Promise<void>): Promise<number> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await logStatements(owner, 'all');
    const { size } = await stat(log);
    await work();
    await sleep(SETTLE_MS);
    const written = await textFrom(log, size);
    return [...written.matchAll(LINE)].filter(([, sql]) => !FRAME.test(sql ?? '')).length;
  } finally {
    await logStatements(owner, undefined);
    await owner.end();
  }
}

async function logStatements(owner: pg.Client, which: 'all' | undefined): Promise<void> {
  await owner.query(
    which === undefined ? 'ALTER SYSTEM RESET log_statement' : `ALTER SYSTEM SET log_statement = '${which}'`,
  );
  await owner.query('SELECT pg_reload_conf()');
  // The postmaster tells its children by a signal, and they look at it between two statements.
  await sleep(SETTLE_MS);
}

async function textFrom(path: string, offset: number): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - offset)), { position: offset });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
