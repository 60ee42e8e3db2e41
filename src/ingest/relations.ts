/** Relations between tables, derived from the fields of kind `reference`: nobody declares them a second time. */
import type { Dataset } from './dataset.ts';

export type Relation = ColumnRelation | LinkRelation;

/** A foreign key column: `videos.channel_id`. */
export interface ColumnRelation {
  readonly kind: 'column';
  readonly name: string;
  readonly owner: End;
  readonly column: string;
  readonly target: End;
}

/** A link table with two references as its key: `research_videos`. Its first key column is the owner. */
export interface LinkRelation {
  readonly kind: 'link';
  readonly name: string;
  readonly owner: End;
  readonly target: End;
  readonly columns: readonly [string, string];
  /** Further columns of the link row. */
  readonly attributes: readonly string[];
}

export interface End {
  readonly table: string;
  readonly key: string;
}

export function relationsOf(datasets: readonly Dataset[]): Relation[] {
  const keys = new Map(datasets.map((dataset) => [dataset.table, dataset.key[0] ?? 'id']));
  const end = (table: string): End => ({ table, key: keys.get(table) ?? 'id' });
  const found = new Map<string, Relation>();
  for (const dataset of datasets) {
    const link = linkOf(dataset, end);
    if (link !== undefined) {
      found.set(link.name, link);
      continue;
    }
    for (const [column, field] of Object.entries(dataset.fields)) {
      if (field.target === undefined) continue;
      const name = `${dataset.table}.${column}`;
      found.set(name, { kind: 'column', name, owner: end(dataset.table), column, target: end(field.target) });
    }
  }
  return [...found.values()];
}

/** A dataset whose key is two references holds links: its records are mentions, and wait like any other. */
export function isLinkDataset(dataset: Dataset): boolean {
  return dataset.key.length === 2 && dataset.key.every((column) => dataset.fields[column]?.target !== undefined);
}

function linkOf(dataset: Dataset, end: (table: string) => End): LinkRelation | undefined {
  const [first, second] = dataset.key;
  if (!isLinkDataset(dataset) || first === undefined || second === undefined) return undefined;
  const owner = dataset.fields[first]?.target;
  const target = dataset.fields[second]?.target;
  if (owner === undefined || target === undefined) return undefined;
  return {
    kind: 'link',
    name: dataset.table,
    owner: end(owner),
    target: end(target),
    columns: [first, second],
    attributes: Object.keys(dataset.fields).filter((column) => column !== first && column !== second),
  };
}

/** The foreign keys of a table. */
export function columnRelations(relations: readonly Relation[], table: string): ColumnRelation[] {
  return relations.filter(
    (relation): relation is ColumnRelation => relation.kind === 'column' && relation.owner.table === table,
  );
}

/** Names to lock before rows of `tables` are looked at and written: the tables, and the relations that meet them. */
export function locksOf(relations: readonly Relation[], tables: readonly string[]): string[] {
  const meeting = relations.filter(
    ({ owner, target }) => tables.includes(owner.table) || tables.includes(target.table),
  );
  return [...tables, ...meeting.map(({ name }) => name)];
}
