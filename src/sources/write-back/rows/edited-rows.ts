/** Rows that say something else than the files that they came from. */
import { identifier } from '../../../database/copy.ts';
import type { Query } from '../../../database/session.ts';
import type { Dataset } from '../../../ingest/dataset.ts';
import { recordId } from '../../../ingest/target.ts';
import { AppError } from '../../../kernel/errors.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import { pathPart } from '../../kit/paths.ts';
import type { SyncSource } from '../../sync/source.ts';
import type { KnownItem } from '../put-file.ts';
import type { RowEdits } from './edit-record.ts';
import { keyText } from './find-patches.ts';

/** More in one run is no editing by hand. */
const MOST_ROWS = 100_000;

/** SQL: the entries `e` of a row's edits that differ from what it holds: of a row made anew what was typed as files say it stands there too. */
const EDITS = `jsonb_each(t.edited_values) e
                     WHERE e.value IS DISTINCT FROM coalesce(to_jsonb(t) -> e.key, 'null')`;

/** Rows whose edits no file has been told of. */
const UNTOLD = `t.edited_values IS NOT NULL
        AND EXISTS (SELECT FROM ${EDITS})`;

/** By key. @throws AppError LIMIT_EXCEEDED */
export async function readEditedRows(query: Query, { table, key }: Dataset): Promise<Map<string, RowEdits>> {
  const rows = await query<{ key: readonly string[]; now: unknown; said: unknown }>(
    `edited rows of ${table}`,
    `SELECT ARRAY[${key.map((column) => `t.${identifier(column)}::text`).join(', ')}] AS key,
            (SELECT jsonb_object_agg(e.key, e.value) FROM ${EDITS}) AS said,
            (SELECT jsonb_object_agg(e.key, to_jsonb(t) -> e.key) FROM ${EDITS}) AS now
       FROM ${identifier(table)} t
      WHERE ${UNTOLD}
      ORDER BY t.id
      LIMIT ${MOST_ROWS + 1}`,
  );
  if (rows.length > MOST_ROWS) {
    throw new AppError('LIMIT_EXCEEDED', `More than ${MOST_ROWS} edited rows are not written back at once`, {
      hint: 'Write the dataset back as an export.',
    });
  }
  return new Map(
    rows.flatMap(({ key: own, now, said }) =>
      isJsonObject(now) && isJsonObject(said) ? [[keyText(own), { now, said }] as const] : [],
    ),
  );
}

export interface EditedItem extends KnownItem {
  readonly external_path: string;
  readonly item_type: string;
}

/** Items of the source that such rows came from; only the one at `path` where one is given. */
export function readEditedItems(
  query: Query,
  source: SyncSource,
  dataset: Dataset,
  path: string | null,
): Promise<EditedItem[]> {
  return query<EditedItem & Record<string, unknown>>(
    `items of edited ${dataset.table}`,
    `SELECT i.external_id, i.external_version, i.written_version, i.content_hash, i.sync_status, i.external_path, i.item_type
       FROM sync_items i
      WHERE i.source_id = $1 AND i.dataset = $2 AND i.sync_status NOT IN ('missing', 'deleted')
        AND ($3::text IS NULL OR i.external_path = $3)
        AND EXISTS (SELECT FROM ${identifier(dataset.table)} t
                     CROSS JOIN LATERAL (
                           SELECT t.origin_import_id AS import_id
                           UNION ALL
                           -- A row that a person made is of no import while the files say the same.
                           SELECT o.import_id FROM origins o
                            WHERE t.origin_import_id IS NULL AND o.table_name = '${dataset.table}' AND o.record_id = ${recordId(dataset.key, 't')}) f
                      JOIN imports m ON m.import_id = f.import_id
                     WHERE (m.import_id = i.import_id OR m.path = $4 || i.external_path) AND ${UNTOLD})
      ORDER BY i.external_path, i.id`,
    [source.source_id, dataset.name, path, `${pathPart(source.name)}/`],
  );
}
