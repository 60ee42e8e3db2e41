/** Who can speak of a table's rows: its datasets, by their declarations. */
import type { Speakers } from './authority.ts';
import type { Registry } from './registry.ts';
import { type ColumnRelation, columnRelations } from './relations.ts';
import { recordColumns, type Stages } from './stages.ts';

/** `stages`: of the import whose records fill the table; absent for rows that are only derived. */
export function speakersOf(registry: Registry, table: string, stages: Stages | undefined): Speakers {
  const speaking = [...registry.datasets.values()].filter((dataset) => dataset.table === table);
  const parts = new Map(speaking.flatMap((dataset) => dataset.parts ?? []).map((part) => [part.table, part.key[0]]));
  const references: readonly ColumnRelation[] = stages === undefined ? [] : columnRelations(registry.relations, table);
  return {
    columns: Object.fromEntries(speaking.map((dataset) => [dataset.name, recordColumns(dataset)])),
    derived: speaking[0]?.key.concat('name') ?? [],
    references: references.map(({ column, name }) => ({ column, relation: name })),
    parts: [...parts].map(([part, owner]) => ({ table: part, owner, stage: stages?.parts.get(part)?.name })),
  };
}
