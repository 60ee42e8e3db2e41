/**
 * Rows made, changed and deleted by hand stand beside those that files bring: mentions wait for them too, and no merge may
 * look at the rows while they are being written.
 */
import type pg from 'pg';
import { lockNames } from '../database/locks.ts';
import type { WriteSession } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import { openTouched, TOUCHED } from './mentions.ts';
import { resolveReferences } from './references.ts';
import { columnRelations, locksOf, type Relation } from './relations.ts';

/** The relations of all datasets; filled by the server for every operation. */
export const relationsSlot = contextSlot<readonly Relation[]>('relations');

/** Rows that a person made or renamed. */
export interface HandMade {
  readonly table: string;
  readonly keys: readonly string[];
  /** Whether the table has names that mentions may use. */
  readonly named: boolean;
  /** Names that the rows had before and lost. */
  readonly formerNames: readonly string[];
}

/**
 * Locks what a write of rows of `table` may touch, once per transaction. Rows that come, go or change their names move
 * mentions of other tables, and so wait for every merge that meets them; other edits go side by side.
 */
export async function lockForHand(
  { client }: WriteSession,
  relations: readonly Relation[],
  table: string,
  moves: boolean,
): Promise<void> {
  if (moves) return lockNames(client, locksOf(relations, [table]), 'exclusive');
  const own = columnRelations(relations, table).map(({ name }) => name);
  return lockNames(client, [table, ...own], 'shared');
}

/** Mentions that waited for these rows find them. The caller holds their locks. */
export async function settleMade(
  { client }: { readonly client: pg.ClientBase },
  relations: readonly Relation[],
  made: HandMade,
): Promise<void> {
  if (made.keys.length === 0) return;
  await resolveReferences(client, relations, [arrivals(client, made)], []);
}

/** Mentions that led to deleted rows, or came from them, wait again, or find another row. The caller holds their locks. */
export async function settleDeleted(
  { client }: WriteSession,
  relations: readonly Relation[],
  deleted: HandMade,
): Promise<void> {
  const { table, keys } = deleted;
  const named = (end: 'owner' | 'target'): string[] =>
    relations.filter((relation) => relation[end].table === table).map(({ name }) => name);
  const led = `FROM "references"
      WHERE resolved_key IS NOT NULL
        AND (relation = ANY ($1) AND owner_key = ANY ($3) OR relation = ANY ($2) AND resolved_key = ANY ($3))`;
  const places = [named('owner'), named('target'), keys];
  const { rowCount } = await client.query(`SELECT ${led} LIMIT 1`, places);
  if ((rowCount ?? 0) > 0) {
    await openTouched(client);
    await client.query(
      `INSERT INTO ${TOUCHED} (relation, id, owner_key, before, applied)
       SELECT relation, id, owner_key, resolved_key, applied ${led}`,
      places,
    );
  }
  await resolveReferences(client, relations, [arrivals(client, { ...deleted, keys: [] })], []);
}

function arrivals(client: pg.ClientBase, { table, keys, named, formerNames }: HandMade) {
  const list = client.escapeLiteral(JSON.stringify(keys));
  const stage = `(SELECT jsonb_array_elements_text(${list}::jsonb) AS key)`;
  return { table, stage, key: 's.key', named, formerNames: formerNames.map((name) => name.toLowerCase()) };
}
