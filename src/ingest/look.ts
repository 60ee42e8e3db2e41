/** A look at staged records of several files: which of them need more than to be written down. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { statementNames } from '../database/statements.ts';
import type { Registry } from './registry.ts';
import { columnRelations } from './relations.ts';
import { type MergeTarget, recordId, sameKey } from './target.ts';

export interface Looked {
  /** Imports whose files must go in alone: others spoke of their rows, people deleted them, or mentions wait for them. */
  readonly special: ReadonlySet<string>;
  /** Imports that speak of rows which are there already. */
  readonly known: ReadonlySet<string>;
  /** Imports with foreign keys whose rows are not there. */
  readonly missing: ReadonlySet<string>;
}

/** The caller holds all locks. The staged records are of imports whose lines are written. */
export async function lookAt(target: MergeTarget, registry: Registry): Promise<Looked> {
  const text = lookSql(target, registry);
  const { rows } = await target.client.query<{ why: keyof Looked; import_id: string }>(
    named(target.client, `look at ${target.table}`, text, []),
  );
  const told = (why: keyof Looked): ReadonlySet<string> =>
    new Set(rows.filter((row) => row.why === why).map((row) => row.import_id));
  return { special: told('special'), known: told('known'), missing: told('missing') };
}

/** A statement that is prepared, since the next files ask the same. */
export function named(client: pg.ClientBase, label: string, text: string, values: unknown[]) {
  const name = statementNames.nameOn(client, label, text);
  return { text, values, ...(name !== undefined && { name }) };
}

function lookSql({ stage, table, key, columns }: MergeTarget, { relations }: Registry): string {
  const id = recordId(key, 's');
  const row = `${stage} s JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}`;
  const among = (of: 'owner' | 'target'): string => {
    const names = relations.filter((relation) => relation[of].table === table).map(({ name }) => `'${name}'`);
    return `r.relation IN (${names.join(', ') || "''"})`;
  };
  const mention = (from: string, condition: string): string => `${from} JOIN "references" r ON ${condition}`;
  const looks = [
    look('special', `${stage} s JOIN tombstones b ON b.table_name = '${table}' AND b.record_id = ${id}`),
    look('special', `${stage} s JOIN origins o ON o.table_name = '${table}' AND o.record_id = ${id}`),
    look('special', mention(`${stage} s`, `r.owner_key = ${id} AND ${among('owner')}`)),
    look(
      'special',
      mention(
        `${stage} s`,
        `r.target = ${id} AND r.target_by = 'key' AND r.resolved_key IS NULL AND ${among('target')}`,
      ),
    ),
    look(
      'special',
      `${row}
         JOIN imports o ON o.import_id = t.origin_import_id
         JOIN imports n ON n.import_id = s.origin_import_id
        WHERE (o.dataset, o.path) IS DISTINCT FROM (n.dataset, n.path)`,
    ),
    look('special', `${row} WHERE t.origin_import_id IS NULL`),
    look('known', row),
    ...columnRelations(relations, table)
      .filter(({ column }) => columns.includes(column))
      .map((relation) => look('missing', `${stage} s WHERE ${missingKey(relation)}`)),
  ];
  if (columns.includes('name')) {
    const byName = `r.target_by = 'name' AND ${among('target')}`;
    looks.push(
      look('special', mention(`${stage} s`, `r.target = lower(s.name) AND ${byName}`)),
      look('special', mention(row, `r.target = lower(t.name) AND ${byName}`)),
    );
  }
  return looks.join('\nUNION\n');
}

function look(why: keyof Looked, from: string): string {
  return `SELECT '${why}' AS why, s.origin_import_id AS import_id FROM ${from}`;
}

/** SQL: the staged row `s` has a foreign key whose row is not there. */
export function missingKey({ column, target }: ReturnType<typeof columnRelations>[number]): string {
  const value = `s.${identifier(column)}`;
  return `${value} IS NOT NULL
      AND NOT EXISTS (SELECT FROM ${identifier(target.table)} g WHERE g.${identifier(target.key)} = ${value})`;
}
