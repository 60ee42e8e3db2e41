/**
 * Rows made, changed and deleted by hand stand beside those that files bring: mentions wait for them too, and no merge may
 * look at the rows while they are being written.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { lockNames } from '../database/locks.ts';
import type { WriteSession } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import { openTouched, TOUCHED } from './mentions.ts';
import { resolveReferences } from './references.ts';
import type { Registry } from './registry.ts';
import { type ColumnRelation, columnRelations, locksOf, type Relation } from './relations.ts';

/** All datasets and their relations, whoever asks; filled by the server for every operation. */
export const registrySlot = contextSlot<Registry>('registry');

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

/**
 * SQL: the rows `t` whose file, of the import `i`, gave them a foreign key to the rows of `keys`, which no mention says; of keys that
 * a deletion empties, for rows that go with what they name wait for nothing.
 */
export function pointingRows({ name, owner, column }: ColumnRelation, keys: string): string {
  const key = `t.${identifier(column)}`;
  return `FROM ${identifier(owner.table)} t
         JOIN imports i ON i.import_id = t.origin_import_id
        WHERE ${key} = ANY (${keys}) AND NOT coalesce(t.edited_values ? '${column}', false)
          AND NOT EXISTS (SELECT FROM "references" r
                           WHERE r.relation = '${name}' AND r.owner_key = t.${identifier(owner.key)} AND r.resolved_key = ${key})
          AND EXISTS (SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                       WHERE c.contype = 'f' AND c.confdeltype = 'n' AND c.conrelid = '${owner.table}'::regclass AND a.attname = '${column}')`;
}

/**
 * Foreign keys that files gave wait for the rows that are about to be deleted, as those do whose rows never came: the deletion
 * empties them, and a row that is made anew under its key must find them. The caller holds the locks.
 */
export async function keepPointing(
  { query }: Pick<WriteSession, 'query'>,
  relations: readonly Relation[],
  table: string,
  keys: readonly string[],
): Promise<void> {
  for (const relation of relations) {
    if (relation.kind !== 'column' || relation.target.table !== table) continue;
    const owner = `t.${identifier(relation.owner.key)}`;
    await query(
      `keys to ${table} of ${relation.name}`,
      `INSERT INTO "references" (relation, owner_key, target_by, target, record_id, authority, dataset, path, modified_at, import_id, line)
       SELECT '${relation.name}', ${owner}, 'key', t.${identifier(relation.column)}, ${owner}, i.authority, i.dataset, i.path,
              coalesce(i.file_modified_at, i.started_at), i.import_id, t.origin_line
         ${pointingRows(relation, '$1::text[]')}
        ORDER BY ${owner}
       ON CONFLICT DO NOTHING`,
      [keys],
    );
  }
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
