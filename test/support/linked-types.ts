/** Rows of every declared type that lead to each other by chance, as no foreign key holds them together. */
import type pg from 'pg';
import { entityReads, keyColumn } from '../../src/graphql/entities.ts';
import type { EntityReads } from '../../src/graphql/entity.ts';
import { fillEveryType } from './every-type.ts';

/** {@link fillEveryType}, its rows linked. */
export async function fillLinkedTypes(owner: pg.Pool, types: readonly EntityReads[]): Promise<void> {
  await fillEveryType(owner, types);
  for (const reads of types) {
    for (const relation of Object.values(reads.relations)) {
      const target = entityReads(relation.target);
      const some = (row: string) =>
        `(SELECT o.${keyColumn(target)} FROM ${target.table} o ORDER BY md5(o.${keyColumn(target)}::text || ${row}) LIMIT 1)`;
      const key = `t.${keyColumn(reads)}::text`;
      if (relation.kind === 'one') {
        await owner.query(`UPDATE ${reads.table} t SET ${relation.column} = ${some(key)} WHERE random() < 0.8`);
      } else if (relation.kind === 'through') {
        const { table, own, other } = relation.link;
        await owner.query(
          `INSERT INTO ${table} (${own}, ${other}) SELECT t.${keyColumn(reads)}, ${some(`${key} || n`)}
             FROM ${reads.table} t, generate_series(1, 5) n ON CONFLICT DO NOTHING`,
        );
      }
    }
  }
}
