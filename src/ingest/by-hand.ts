/**
 * Rows made, changed and deleted by hand stand beside those that files bring: mentions wait for them too, and no merge may
 * look at the rows while one is being written.
 */
import { identifier } from '../database/copy.ts';
import { lockNames } from '../database/locks.ts';
import type { WriteSession } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import { resolveReferences } from './references.ts';
import { locksOf, type Relation } from './relations.ts';

/** The relations of all datasets; filled by the server for every operation. */
export const relationsSlot = contextSlot<readonly Relation[]>('relations');

/** Runs `make`, which inserts one row of `table` and returns its key; mentions that waited for it find it. */
export async function makeByHand(
  { client }: WriteSession,
  relations: readonly Relation[],
  { table, keyColumn }: { readonly table: string; readonly keyColumn: string },
  make: () => Promise<string>,
): Promise<string> {
  await lockNames(client, locksOf(relations, [table]), 'exclusive');
  const key = await make();
  const column = identifier(keyColumn);
  const stage = `(SELECT ${column} FROM ${identifier(table)} WHERE ${column} = ${client.escapeLiteral(key)})`;
  await resolveReferences(
    client,
    relations,
    [{ table, stage, key: `s.${column}`, named: false, formerNames: [] }],
    null,
  );
  return key;
}

/** Runs `change`, which updates one row of `table`, beside other edits but not beside a merge. */
export async function changeByHand<T>({ client }: WriteSession, table: string, change: () => Promise<T>): Promise<T> {
  await lockNames(client, [table], 'shared');
  return change();
}

/** Runs `remove`, which deletes the row `key` of `table`; mentions that led to it or came from it wait again. */
export async function deleteByHand(
  { client }: WriteSession,
  relations: readonly Relation[],
  { table, key }: { readonly table: string; readonly key: string },
  remove: () => Promise<void>,
): Promise<void> {
  await lockNames(client, locksOf(relations, [table]), 'exclusive');
  await remove();
  const named = (end: 'owner' | 'target'): string[] =>
    relations.filter((relation) => relation[end].table === table).map(({ name }) => name);
  await client.query(
    `UPDATE "references"
        SET resolved_key = NULL, resolved_at = NULL, applied = false
      WHERE resolved_key IS NOT NULL
        AND (relation = ANY ($1) AND owner_key = $3 OR relation = ANY ($2) AND resolved_key = $3)`,
    [named('owner'), named('target'), key],
  );
}
