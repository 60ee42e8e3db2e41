/** Rights are asked for before a session has an actor: one statement, committed at once. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import { statementsSeen } from '../database/session.ts';

/**
 * Runs one prepared statement outside any session.
 * @throws AppError as a session's statements do
 */
export async function ask<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  name: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const label = `access ${name}`;
  try {
    const { rows } = await statementsSeen.observe({ label }, () =>
      pool.query<Row>({ name: label, text, values: [...values] }),
    );
    return rows;
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
