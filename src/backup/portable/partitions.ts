/** The partitions of a backup, made where the migrations made others: those of months gone by. */
import type pg from 'pg';
import { identifier } from '../../database/copy.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Partition } from '../manifest.ts';

/** The bound is SQL from a file: only what can do nothing else is sent. */
const BOUND = /^(DEFAULT|FOR VALUES FROM \('[^'\\]*'\) TO \('[^'\\]*'\))$/;

/**
 * Makes the partitions that are not there yet, of parents that are.
 * @throws AppError FILE_MALFORMED when a bound is none
 */
export async function makePartitions(owner: pg.Client, partitions: readonly Partition[]): Promise<void> {
  for (const { parent, name, bound } of partitions) {
    const { rows } = await owner.query<{ wanted: boolean }>(
      `SELECT to_regclass($2) IS NULL AND EXISTS (SELECT FROM pg_class WHERE oid = to_regclass($1) AND relkind = 'p') AS wanted`,
      [identifier(parent), identifier(name)],
    );
    if (!rows[0]?.wanted) continue;
    if (!BOUND.test(bound)) {
      throw new AppError('FILE_MALFORMED', `The manifest gives the partition ${name} a bound that is none`, {
        hint: 'This backup was altered. Use another one.',
      });
    }
    await owner.query(`CREATE TABLE ${identifier(name)} PARTITION OF ${identifier(parent)} ${bound}`);
  }
}
