/**
 * A process killed while it migrates leaves a line that says neither finished nor failed. Each script ends by finishing that
 * line in its own transaction, so whatever still stands unfinished, and has no failure's log, was never committed.
 */
import pg from 'pg';

const OPEN = 'finished_at IS NULL AND rolled_back_at IS NULL AND logs IS NULL';

/** `script` with the line of its migration, if it is one, finished in the same transaction. */
export function finishingItself(script: string): string {
  // On a line of its own: a script may end in a comment.
  return `${script}
;DO $finish$
BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    UPDATE _prisma_migrations SET finished_at = now() WHERE ${OPEN};
  END IF;
END
$finish$`;
}

/** Records interrupted migrations as rolled back, so that they are applied now. Call it under the database's lock. */
export async function forgetInterrupted(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'cairn owner' });
  owner.on('error', () => undefined);
  await owner.connect();
  try {
    const { rows } = await owner.query<{ found: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found",
    );
    if (rows[0]?.found) await owner.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE ${OPEN}`);
  } finally {
    await owner.end();
  }
}
