/** Who can speak of a table's rows: its datasets, by their declarations. */
import type { PartTable } from './dataset.ts';
import type { Registry } from './registry.ts';
import { type ColumnRelation, columnRelations } from './relations.ts';
import { recordColumns, type Stages } from './stages.ts';

/** What the datasets that fill a table can say of it. */
export interface Speakers {
  /** Columns by dataset: a value of another column came from the table's default, not from the file. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns of derived rows, which any dataset may bring. */
  readonly derived: readonly string[];
  /** Foreign key columns with their relation's name: their values may come from elsewhere. */
  readonly references: readonly { readonly column: string; readonly relation: string }[];
  /** Part tables, and where the parts of this import's records are staged. */
  readonly parts: readonly { readonly part: PartTable; readonly stage: string | undefined }[];
}

/** `stages`: of the import whose records fill the table; absent for rows that are only derived. */
export function speakersOf(registry: Registry, table: string, stages: Pick<Stages, 'parts'> | undefined): Speakers {
  const speaking = [...registry.datasets.values()].filter((dataset) => dataset.table === table);
  const parts = new Map(speaking.flatMap((dataset) => dataset.parts ?? []).map((part) => [part.table, part]));
  const references: readonly ColumnRelation[] = stages === undefined ? [] : columnRelations(registry.relations, table);
  return {
    columns: Object.fromEntries(speaking.map((dataset) => [dataset.name, recordColumns(dataset)])),
    derived: speaking[0]?.key.concat('name') ?? [],
    references: references.map(({ column, name }) => ({ column, relation: name })),
    parts: [...parts.values()].map((part) => ({ part, stage: stages?.parts.get(part.table)?.name })),
  };
}
