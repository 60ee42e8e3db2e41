/**
 * The plain case of a small file: rows that nobody knew, mentioned or deleted before, and that mention nothing. One look
 * tells, and then one statement takes them in; every other file goes through all steps.
 */
import { identifier } from '../database/copy.ts';
import { statementName } from '../database/statements.ts';
import { insertSql } from './merge.ts';
import type { Registry } from './registry.ts';
import { columnRelations } from './relations.ts';
import { type MergeTarget, recordId, sameKey } from './target.ts';

/**
 * Inserts the staged records if they are plain and returns how many; undefined where they are not, and nothing was written.
 * The caller holds all locks, and staged nothing else. @throws pg.DatabaseError where the table refuses one
 */
export async function insertPlain(
  target: MergeTarget,
  registry: Registry,
  importId: string,
  last: number,
): Promise<number | undefined> {
  const { client, table } = target;
  const look = lookSql(target, registry);
  const { rows } = await client.query<{ special: boolean }>({
    ...named(`look at ${table}`, look),
    values: [],
  });
  if (rows[0]?.special !== false) return undefined;
  const insert = insertSql(target);
  const { rowCount } = await client.query({ ...named(`insert into ${table}`, insert), values: [importId, 1, last] });
  return rowCount ?? 0;
}

function named(label: string, text: string): { text: string; name?: string } {
  const name = statementName(label, text);
  return name === undefined ? { text } : { text, name };
}

function lookSql({ stage, table, key, columns }: MergeTarget, { relations }: Registry): string {
  const id = recordId(key, 's');
  const names = (of: 'owner' | 'target'): string =>
    relations
      .filter((relation) => relation[of].table === table)
      .map(({ name }) => `'${name}'`)
      .join(', ') || "''";
  const looks = [
    `SELECT FROM ${stage} GROUP BY ${key.map(identifier).join(', ')} HAVING count(*) > 1`,
    `SELECT FROM ${stage} s JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}`,
    `SELECT FROM ${stage} s JOIN tombstones b ON b.table_name = '${table}' AND b.record_id = ${id}`,
    `SELECT FROM ${stage} s JOIN origins o ON o.table_name = '${table}' AND o.record_id = ${id}`,
    `SELECT FROM ${stage} s JOIN "references" r ON r.owner_key = ${id} AND r.relation IN (${names('owner')})`,
    `SELECT FROM ${stage} s JOIN "references" r ON r.target = ${id} AND r.target_by = 'key' AND r.relation IN (${names('target')})`,
    ...columnRelations(relations, table)
      .filter(({ column }) => columns.includes(column))
      .map(({ column, target }) => {
        const value = `s.${identifier(column)}`;
        return `SELECT FROM ${stage} s WHERE ${value} IS NOT NULL
           AND NOT EXISTS (SELECT FROM ${identifier(target.table)} g WHERE g.${identifier(target.key)} = ${value})`;
      }),
  ];
  if (columns.includes('name'))
    looks.push(
      `SELECT FROM ${stage} s JOIN "references" r ON r.target = lower(s.name) AND r.target_by = 'name' AND r.relation IN (${names('target')})`,
    );
  return `SELECT ${looks.map((look) => `EXISTS (${look})`).join('\n    OR ')} AS special`;
}
