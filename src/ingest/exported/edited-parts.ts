/** Parts that a person edited in an export: what their file said of them is kept, so that it can be told when it says others. */
import { identifier } from '../../database/copy.ts';
import type { PartTable } from '../dataset.ts';
import { keepFirstStatements } from '../first-statements.ts';
import type { Registry } from '../registry.ts';
import { speakersOf } from '../speakers.ts';
import { partStage } from '../stages.ts';
import { type MergeTarget, recordId } from '../target.ts';

/** Keeps the statements of the rows whose staged parts differ from those that are there. The caller merges the parts then. */
export async function keepEditedParts(
  target: MergeTarget,
  registry: Registry,
  parts: readonly PartTable[],
): Promise<void> {
  const { table, key } = target;
  const [own = 'id'] = key;
  for (const part of parts) {
    const owner = identifier(part.key[0]);
    const said = `jsonb_agg(jsonb_build_array(${part.columns.map((column) => `p.${identifier(column)}`).join(', ')})
                    ORDER BY p.${identifier(part.key[1])})`;
    await keepFirstStatements(target, speakersOf(registry, table, { parts: new Map() }), {
      from: `(SELECT p.${owner} AS owner, ${said} AS said FROM ${identifier(partStage(part.table))} p GROUP BY p.${owner}) n
         JOIN ${identifier(table)} t ON t.${identifier(own)} = n.owner
        CROSS JOIN LATERAL (SELECT ${recordId(key, 't')} AS record_id) c`,
      where: `n.said IS DISTINCT FROM (SELECT ${said} FROM ${identifier(part.table)} p WHERE p.${owner} = n.owner)`,
    });
  }
}
