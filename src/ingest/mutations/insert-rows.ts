/** Rows made by hand, with what files said of them before, where they did. */
import type { WriteSession } from '../../database/session.ts';
import { insertRows } from '../../history/edit.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Registry } from '../registry.ts';
import { readTable } from '../table.ts';
import { bringBack, withWords } from '../words-of-files.ts';
import type { Mutable } from './mutable.ts';

/** Inserts records, by column, whose keys no row has. The caller holds the locks, and settles mentions then. */
export async function insertAll(
  { client, query, registry }: WriteSession & { readonly registry: Registry },
  mutable: Pick<Mutable, 'table' | 'keyColumn' | 'dataset'>,
  records: readonly JsonObject[],
): Promise<void> {
  if (records.length === 0) return;
  const { table, dataset, keyColumn } = mutable;
  const { columns } = await readTable(client, table);
  const defaults = [...columns.values()].flatMap(({ name, default: sql }) =>
    sql === null ? [] : [[name, sql] as const],
  );
  const completed = withWords(registry, dataset, keyColumn, columns);
  const spoken = await insertRows(query, mutable, records, new Map(defaults), completed);
  await bringBack(client, registry, table, spoken);
}
