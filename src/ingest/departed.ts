/**
 * What a new version of a file no longer names. Absence is no delete, so the rows stay; but the file last spoke of them when a former
 * version did. That becomes a statement of its own, or whoever spoke of such a row since would be taken for older than
 * a file that says nothing of it.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Dataset } from './dataset.ts';
import { keepFirstStatements } from './first-statements.ts';
import type { Registry } from './registry.ts';
import { isLinkDataset } from './relations.ts';
import { type Shared, shapeOf } from './shared.ts';
import { speakersOf } from './speakers.ts';
import { RECORDS, type Stages } from './stages.ts';
import { recordId, sameKey } from './target.ts';

/** What these imports have staged: their records, and rows for other tables. */
type Staged = Pick<Stages, 'parts' | 'derived'>;

/**
 * Keeps what the former versions of these imports' files said of rows that the staged ones leave out. The caller holds the locks
 * of the dataset's table; the imports take whole files in, and their lines say running.
 */
export async function keepDeparted(
  client: pg.ClientBase,
  registry: Registry,
  dataset: Dataset,
  importIds: readonly string[],
  staged: Staged,
  shared: Pick<Shared, 'tables'>,
): Promise<void> {
  const former = await formerImports(client, importIds);
  if (former.ids.length === 0) return;
  for (const { table, key } of await filledBy(client, former.ids, tablesOf(registry, dataset, former.derived))) {
    const own = table === dataset.table;
    const stage = own ? RECORDS : staged.derived.get(table)?.stage.name;
    const named = stage === undefined ? 'false' : `EXISTS (SELECT FROM ${stage} s WHERE ${sameKey(key, 't', 's')})`;
    const { columns: types } = await shapeOf(client, table, shared);
    await keepFirstStatements({ client, table, types }, speakersOf(registry, table, own ? staged : undefined), {
      from: `${identifier(table)} t CROSS JOIN LATERAL (SELECT ${recordId(key, 't')} AS record_id) c`,
      where: `t.origin_import_id = ANY ($2::uuid[]) AND NOT ${named}`,
      values: [former.ids],
    });
  }
}

/** The tables that former versions may have filled: the dataset's own and, where they brought rows along, all others. */
function tablesOf(registry: Registry, dataset: Dataset, derived: boolean): readonly Dataset[] {
  const tables = new Map<string, Dataset>([[dataset.table, dataset]]);
  if (derived)
    for (const other of registry.datasets.values())
      if (!isLinkDataset(other) && !tables.has(other.table)) tables.set(other.table, other);
  return [...tables.values()];
}

/** Those whose tables hold rows that these imports gave, or changed last. */
async function filledBy(
  client: pg.ClientBase,
  importIds: readonly string[],
  datasets: readonly Dataset[],
): Promise<readonly Dataset[]> {
  const looks = datasets.map(
    ({ table }) =>
      `SELECT '${table}' AS name WHERE EXISTS (SELECT FROM ${identifier(table)} t WHERE t.origin_import_id = ANY ($1::uuid[]))`,
  );
  const { rows } = await client.query<{ name: string }>(looks.join('\nUNION ALL\n'), [importIds]);
  return datasets.filter(({ table }) => rows.some(({ name }) => name === table));
}

/** The imports before these, of the same files, and whether any of them brought rows for other tables along. */
async function formerImports(
  client: pg.ClientBase,
  importIds: readonly string[],
): Promise<{ readonly ids: readonly string[]; readonly derived: boolean }> {
  // Planned anew each time, and path by path: a plan made while the table was small would read all of it for every file of a group.
  const { rows } = await client.query<{ ids: string[]; derived: boolean }>(
    `SELECT coalesce(array_agg(f.import_id), '{}') AS ids, coalesce(bool_or(f.derived > 0), false) AS derived
       FROM (SELECT dataset, path FROM imports WHERE import_id = ANY ($1::uuid[]) OFFSET 0) n
      CROSS JOIN LATERAL (
            SELECT i.import_id, i.derived
              FROM imports i
             WHERE i.dataset = n.dataset AND i.path = n.path AND i.status = 'imported'
            OFFSET 0) f
      WHERE f.import_id <> ALL ($1::uuid[])`,
    [importIds],
  );
  return rows[0] ?? { ids: [], derived: false };
}
