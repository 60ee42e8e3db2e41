/** Every mention is resolved or waits: never both, and never waits for a row that is there. */
import { identifier } from '../database/copy.ts';
import type { Relation } from '../ingest/relations.ts';
import { countOf, faultsOf, hasColumn, type Invariant, plural, together } from './invariant.ts';

export const references: Invariant = {
  name: 'reference rows',
  holds: 'every reference is resolved or waits for a row that is not there',
  advice: 'Import the file that holds the row, or the one that mentions it, again: references are then looked at anew.',
  async look({ client, registry }) {
    const looks = [
      await faultsOf(
        client,
        `SELECT 'reference ' || id || ' of ' || relation || CASE
                  WHEN relation <> ALL ($1::text[]) THEN ' is of a relation that no dataset declares'
                  ELSE ' is resolved and waits' END AS fault
           FROM "references"
          WHERE (resolved_key IS NULL) <> (resolved_at IS NULL) OR (applied AND resolved_key IS NULL) OR relation <> ALL ($1::text[])`,
        [registry.relations.map(({ name }) => name)],
      ),
    ];
    for (const relation of registry.relations) {
      looks.push(
        await faultsOf(client, wrongly(relation, await hasColumn(client, relation.target.table, 'name')), [
          relation.name,
        ]),
      );
      looks.push(await faultsOf(client, unsettled(relation), [relation.name]));
    }
    const count = await countOf(client, 'SELECT count(*) FROM "references"');
    const waiting = await countOf(client, 'SELECT count(*) FROM "references" WHERE resolved_key IS NULL');
    return together(`${plural(count, 'reference')}, ${waiting.toLocaleString('en-US')} waiting`, looks);
  },
};

/** References that lead to no row, or wait although both rows are there. A name leads to a row while one row alone has it. */
function wrongly({ owner, target }: Relation, named: boolean): string {
  const row = `FROM ${identifier(target.table)} g WHERE g.${identifier(target.key)}`;
  const byName = `(SELECT min(n.${identifier(target.key)}) FROM ${identifier(target.table)} n WHERE lower(n.name) = r.target HAVING count(*) = 1)`;
  return `
    SELECT format('reference %s of %s: %s names %s, %s', r.id, $1::text, r.owner_key, r.target, CASE
             WHEN r.resolved_key IS NULL THEN 'which is there, and it waits'
             ELSE 'and leads to ' || r.resolved_key END) AS fault
      FROM "references" r
     CROSS JOIN LATERAL (SELECT CASE
             WHEN NOT EXISTS (SELECT FROM ${identifier(owner.table)} o WHERE o.${identifier(owner.key)} = r.owner_key) THEN r.resolved_key
             WHEN r.target_by = 'key' THEN (SELECT g.${identifier(target.key)} ${row} = r.target)
             ELSE ${named ? byName : 'NULL'} END AS key) due
     WHERE r.relation = $1 AND r.resolved_key IS DISTINCT FROM due.key`;
}

/** References that lead to a row, and the foreign key or the link row that should say so does not. */
function unsettled(relation: Relation): string {
  if (relation.kind === 'column') {
    return `
      SELECT format('%s of %s is %s, and the reference that stands leads to %s', $1::text, r.owner_key, coalesce(o.${identifier(relation.column)}, 'null'), r.resolved_key) AS fault
        FROM "references" r
        JOIN ${identifier(relation.owner.table)} o ON o.${identifier(relation.owner.key)} = r.owner_key
       WHERE r.relation = $1 AND r.applied AND o.${identifier(relation.column)} IS DISTINCT FROM r.resolved_key
         AND NOT coalesce(o.edited_values ? '${relation.column}', false)`;
  }
  const [owner, target] = relation.columns.map(identifier);
  return `
    SELECT format('%s has no row of %s and %s', $1::text, r.owner_key, r.resolved_key) AS fault
      FROM "references" r
     WHERE r.relation = $1 AND r.resolved_key IS NOT NULL
       AND NOT EXISTS (SELECT FROM ${identifier(relation.name)} l WHERE l.${owner} = r.owner_key AND l.${target} = r.resolved_key)
       AND NOT EXISTS (SELECT FROM tombstones b WHERE b.table_name = $1
                          AND b.record_id::jsonb = jsonb_build_object('${relation.columns[0]}', r.owner_key, '${relation.columns[1]}', r.resolved_key))`;
}
