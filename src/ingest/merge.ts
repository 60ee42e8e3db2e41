/**
 * Merge: staged records become rows. Two statements over the whole set, in key order: an UPDATE of the rows that differ
 * and an INSERT of those that are missing. Rows that are as the file says are joined out before either, so they cost
 * neither a lock nor a line of the write-ahead log.
 */
import { identifier } from '../database/copy.ts';
import { isDataFault, refusal } from './stage.ts';
import { type MergeTarget, recordId, sameKey } from './target.ts';

export interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
}

/** Above this, a plan made for the statistics of an empty table (a nested loop over everything) would not end. */
const LARGE_STAGE = 10_000;

/** Hears of a record that the table refused although the checks passed it. */
export type OnConstraint = (ordinal: number, reason: string) => Promise<void>;

/** Hears which records were merged, by ordinal. */
export type OnMerged = (result: 'inserted' | 'updated', ordinals: readonly number[]) => void;

/**
 * Merges the staging table, whose ordinals are 1 to `last`, into its target. The caller holds the table's merge lock.
 */
export async function merge(
  target: MergeTarget,
  importId: string,
  onConstraint: OnConstraint,
  last: number,
  onMerged?: OnMerged,
): Promise<MergeCounts> {
  const { client } = target;
  if (last === 0) return { inserted: 0, updated: 0 };
  const large = last > LARGE_STAGE;
  if (large) await client.query('SET LOCAL enable_nestloop = off');
  const counts = await mergeOrBisect(target, importId, 1, last, { onConstraint, onMerged, large });
  if (large) await client.query('RESET enable_nestloop');
  return counts;
}

interface Hearing {
  readonly onConstraint: OnConstraint;
  readonly onMerged: OnMerged | undefined;
  readonly large: boolean;
}

interface Told {
  readonly ordinal: number;
}

/** Merges ordinals first to last; when the table refuses, halves the range until the refused records stand alone. */
async function mergeOrBisect(
  target: MergeTarget,
  importId: string,
  first: number,
  last: number,
  hearing: Hearing,
): Promise<MergeCounts> {
  const { client, stage } = target;
  // A few records of many are looked up one by one.
  const isPart = hearing.large && last - first < LARGE_STAGE;
  await client.query(`SAVEPOINT merge${hearing.large ? `; SET LOCAL enable_nestloop = ${isPart ? 'on' : 'off'}` : ''}`);
  try {
    const range = [importId, first, last];
    const told = hearing.onMerged !== undefined;
    const updated = await client.query<Told>(updateSql(target) + (told ? ' RETURNING s.ordinal' : ''), range);
    const inserted = await client.query<Told>(told ? toldInsertSql(target) : insertSql(target), range);
    await client.query('RELEASE SAVEPOINT merge');
    hearing.onMerged?.(
      'updated',
      updated.rows.map(({ ordinal }) => ordinal),
    );
    hearing.onMerged?.(
      'inserted',
      inserted.rows.map(({ ordinal }) => ordinal),
    );
    return { inserted: inserted.rowCount ?? 0, updated: updated.rowCount ?? 0 };
  } catch (thrown) {
    if (!isDataFault(thrown)) throw thrown;
    // What stays open is looked through for every row that is read afterwards.
    await client.query('ROLLBACK TO SAVEPOINT merge; RELEASE SAVEPOINT merge');
    if (first === last) {
      await hearing.onConstraint(first, refusal(thrown));
      return { inserted: 0, updated: 0 };
    }
    if (hearing.large && !isPart) await client.query(`CREATE INDEX IF NOT EXISTS stage_parts ON ${stage} (ordinal)`);
  }
  const middle = first + ((last - first) >> 1);
  const low = await mergeOrBisect(target, importId, first, middle, hearing);
  const high = await mergeOrBisect(target, importId, middle + 1, last, hearing);
  return { inserted: low.inserted + high.inserted, updated: low.updated + high.updated };
}

/** The INSERT of the staged records $2 to $3 whose keys are new, by import $1, in the order of `first` and then of the key. */
export function insertSql({ stage, table, key, columns, types }: MergeTarget, first: readonly string[] = []): string {
  const values = columns.map((column) => {
    const fallback = types.get(column)?.default;
    return fallback === null || fallback === undefined
      ? `s.${identifier(column)}`
      : `coalesce(s.${identifier(column)}, ${fallback})`;
  });
  return `
    INSERT INTO ${identifier(table)} (${columns.map(identifier).join(', ')}, origin_import_id, origin_line, origin_raw)
    SELECT ${values.join(', ')}, coalesce(s.origin_import_id, $1), coalesce(s.origin_line, s.line), s.origin_raw
      FROM ${stage} s
     WHERE s.ordinal BETWEEN $2 AND $3
       AND NOT EXISTS (SELECT FROM ${identifier(table)} t WHERE ${sameKey(key, 't', 's')})
     ORDER BY ${[...first, ...key].map((column) => `s.${identifier(column)}`).join(', ')}
    ON CONFLICT (${key.map(identifier).join(', ')}) DO NOTHING`;
}

/** The same, with the ordinals of what it inserted: a key stands once in the staging table. */
function toldInsertSql(target: MergeTarget): string {
  return `
    WITH done AS (${insertSql(target)}
    RETURNING ${recordId(target.key, identifier(target.table))} AS id)
    SELECT s.ordinal FROM done JOIN ${target.stage} s ON ${recordId(target.key, 's')} = done.id`;
}

/** The UPDATE of the rows that differ from the staged records $2 to $3, by import $1; the staging table is its `s`. */
export function updateSql(target: MergeTarget): string {
  const { stage, table, key, rest } = target;
  const columns = target.columns.filter((column) => !key.includes(column));
  const fields = columns.filter((column) => column !== rest);
  const given = target.columns.map((column) => `CASE WHEN s.${identifier(column)} IS NOT NULL THEN '${column}' END`);
  const entries =
    rest === undefined
      ? ''
      : ` - coalesce((SELECT array_agg('${rest}.' || e) FROM jsonb_object_keys(s.${identifier(rest)}) e), '{}')`;
  const sets = [
    ...fields.map((column) => `${identifier(column)} = ${newValue(column)}`),
    ...(rest === undefined ? [] : [`${identifier(rest)} = ${newRest(rest)}`]),
    'origin_import_id = coalesce(s.origin_import_id, $1)',
    'origin_line = coalesce(s.origin_line, s.line)',
    // Of the values that this file gives, their texts; of the others, what an earlier file wrote.
    `origin_raw = nullif((coalesce(t.origin_raw, '{}') - array_remove(ARRAY[${given.join(', ')}]::text[], NULL)${entries})
                  || coalesce(jsonb_strip_nulls(s.origin_raw), '{}'), '{}')`,
    `edited_values = CASE WHEN t.edited_values IS NOT NULL THEN ${keptEdits(columns, rest)} END`,
  ];
  const differs = [
    ...fields.map(
      (column) =>
        `(s.${identifier(column)} IS NOT NULL AND ${newValue(column)} IS DISTINCT FROM t.${identifier(column)})`,
    ),
    // The file came to say what a person had said before it: the edit ends although the value stays.
    ...fields.map((column) => `${editEnded(column)} IS TRUE`),
    ...(rest === undefined
      ? []
      : [`(s.${identifier(rest)} IS NOT NULL AND ${newRest(rest)} IS DISTINCT FROM t.${identifier(rest)})`]),
  ];
  return `
    UPDATE ${identifier(table)} t
       SET ${sets.join(',\n           ')}
      FROM ${stage} s
     WHERE s.ordinal BETWEEN $2 AND $3
       AND ${sameKey(key, 't', 's')}
       AND (${differs.join('\n        OR ') || 'false'})`;
}

/** An absent value keeps the row's; a value that a person edited stays until the file brings another than it brought before. */
function newValue(column: string): string {
  const name = identifier(column);
  return `CASE WHEN s.${name} IS NULL OR (t.edited_values ? '${column}' AND t.edited_values -> '${column}' = to_jsonb(s.${name}))
                THEN t.${name} ELSE s.${name} END`;
}

/** The file brings another value than it brought when a person edited the column. */
function editEnded(column: string): string {
  const name = identifier(column);
  return `(t.edited_values ? '${column}' AND s.${name} IS NOT NULL AND t.edited_values -> '${column}' IS DISTINCT FROM to_jsonb(s.${name}))`;
}

/** Entries are kept one by one: those that the file gives and, of an edited column, only those that it gives anew. */
function newRest(rest: string): string {
  const name = identifier(rest);
  return `CASE WHEN s.${name} IS NULL THEN t.${name}
                WHEN t.edited_values ? '${rest}' THEN t.${name} || (
                  SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}')
                    FROM jsonb_each(s.${name}) e
                   WHERE t.edited_values -> '${rest}' -> e.key IS DISTINCT FROM e.value)
                ELSE t.${name} || s.${name} END`;
}

/** Edits end where the file brought another value; of an edited `rest` the file's latest entries are remembered. */
function keptEdits(columns: readonly string[], rest: string | undefined): string {
  const ended = columns
    .filter((column) => column !== rest)
    .map((column) => `CASE WHEN ${editEnded(column)} THEN '${column}' END`);
  const kept = `(t.edited_values - array_remove(ARRAY[${ended.join(', ')}]::text[], NULL))`;
  if (rest === undefined) return `nullif(${kept}, '{}')`;
  const remembered = `CASE WHEN t.edited_values ? '${rest}' AND s.${identifier(rest)} IS NOT NULL
                           THEN jsonb_build_object('${rest}', (t.edited_values -> '${rest}') || s.${identifier(rest)})
                           ELSE '{}' END`;
  return `nullif(${kept} || ${remembered}, '{}')`;
}
