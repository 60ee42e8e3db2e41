/** Rows deleted by hand, with what that does to others. */
import { deleteRows, lockRows } from '../../history/edit.ts';
import { keepPointing, lockForHand, settleDeleted } from '../by-hand.ts';
import { keepWords } from '../words-of-files.ts';
import { type Consequence, consequencesOf } from './consequences.ts';
import type { Mutable } from './mutable.ts';
import { type HandWrite, requireVersion } from './write-rows.ts';

export interface Deletion {
  readonly key: string;
  readonly ifVersion?: number | null | undefined;
  readonly dryRun: boolean;
  /** How the tombstone names whoever deletes. */
  readonly actor: string;
}

/**
 * Deletes one row, unless it is a dry run, and says what that does to others. No file brings it back.
 * @throws AppError NOT_FOUND, CONFLICT when the row is at another version
 */
export async function deleteRow(
  write: HandWrite,
  mutable: Mutable,
  deletion: Deletion,
): Promise<readonly Consequence[]> {
  const { key, ifVersion, dryRun, actor } = deletion;
  await lockForHand(write, write.relations, mutable.table, !dryRun);
  requireVersion(mutable, key, (await lockRows(write.query, mutable, [key])).get(key)?.version, ifVersion);
  return deleteAll(write, mutable, { keys: [key], dryRun, actor });
}

/** Deletes rows that the caller has locked, unless it is a dry run. */
export async function deleteAll(
  write: HandWrite,
  mutable: Pick<Mutable, 'table' | 'keyColumn' | 'named'>,
  { keys, dryRun, actor }: { readonly keys: readonly string[]; readonly dryRun: boolean; readonly actor: string },
): Promise<readonly Consequence[]> {
  const consequences = await consequencesOf(write.query, mutable, write.relations, keys);
  if (dryRun || keys.length === 0) return consequences;
  const { table, keyColumn, named } = mutable;
  const names = named
    ? await write.query<{ name: string }>(
        `names of ${table}`,
        `SELECT DISTINCT t.name FROM ${table} t WHERE t.${keyColumn} = ANY($1::text[]) ORDER BY t.name`,
        [keys],
      )
    : [];
  await keepPointing(write, write.relations, table, keys);
  await keepWords(write.client, write.registry, mutable, keys);
  await deleteRows(write.query, actor, mutable, keys);
  await settleDeleted(write, write.relations, { table, keys, named, formerNames: names.map(({ name }) => name) });
  return consequences;
}
