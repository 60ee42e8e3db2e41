/**
 * What an export says of rows that are there. Most are as they were: they are passed over, whatever their history. The others
 * were edited in the file, by a person: their columns change as they do by hand, and no other file's word is touched. A file
 * that nobody edited at all, which its hash shows, changes no row, however old it is.
 */
import { identifier } from '../../database/copy.ts';
import { wordsKept } from '../../history/edit.ts';
import { settleMade } from '../by-hand.ts';
import type { PartTable } from '../dataset.ts';
import { stageForeignKeys } from '../foreign-keys.ts';
import { MENTIONS } from '../mentions.ts';
import type { Registry } from '../registry.ts';
import { columnRelations } from '../relations.ts';
import { partStage } from '../stages.ts';
import { type MergeTarget, recordId, type Statement, sameKey } from '../target.ts';
import { saidOf } from '../words-of-files.ts';
import { keepEditedParts } from './edited-parts.ts';

/**
 * Takes everything that an export says of known rows out of the staging tables, and returns how many rows it changed. What is
 * left is new; parts stay, since their merge passes over what is the same. `links`: the records are links, and their mentions
 * staged with them. The caller holds the locks of the merge.
 */
export async function mergeEdits(
  target: MergeTarget,
  registry: Registry,
  statement: Statement,
  links: boolean,
): Promise<number> {
  const { relations, datasets } = registry;
  const parts = datasets.get(statement.dataset)?.parts ?? [];
  if (await isAsExported(target, statement)) {
    await dropKnownParts(target, parts);
    await leaveNew(target, links);
    return 0;
  }
  await keepEditedParts(target, registry, parts);
  await dropSame(target);
  await stageForeignKeys(target, columnRelations(relations, target.table), statement, false);
  const renamed = await namesBefore(target);
  const updated = await applyEdits(target);
  await leaveNew(target, links);
  if (renamed.length > 0)
    await settleMade(target, relations, {
      table: target.table,
      keys: renamed.map(({ key }) => key),
      named: true,
      formerNames: renamed.map(({ name }) => name),
    });
  return updated;
}

/**
 * Whether the file is, to the byte, what this database exported. Then nobody edited it: where a row differs, it was changed
 * since, and the file says what it once was.
 */
async function isAsExported({ client }: MergeTarget, { importId }: Statement): Promise<boolean> {
  const { rows } = await client.query<{ known: boolean }>(
    `SELECT EXISTS (
       SELECT FROM imports i
         JOIN exports e ON e.file_hash = i.file_hash AND e.source = i.dataset AND e.status = 'completed'
        WHERE i.import_id = $1) AS known`,
    [importId],
  );
  return rows[0]?.known === true;
}

/** Takes the parts of rows that are there out of their staging tables. */
async function dropKnownParts({ client, stage, table, key }: MergeTarget, parts: readonly PartTable[]): Promise<void> {
  const [own] = key.map(identifier);
  for (const part of parts) {
    const [owner] = part.key.map(identifier);
    await client.query(
      `DELETE FROM ${identifier(partStage(part.table))} p
        USING ${stage} s
         JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}
        WHERE p.${owner} = s.${own}`,
    );
  }
}

/** Takes what is said of known rows out of the staging tables: it is done with. */
async function leaveNew({ client, stage, table, key }: MergeTarget, links: boolean): Promise<void> {
  await client.query(`DELETE FROM ${stage} s USING ${identifier(table)} t WHERE ${sameKey(key, 't', 's')}`);
  // New rows have the tables' defaults where the export says that a column is empty.
  await client.query(`UPDATE ${stage} SET origin_raw = NULL WHERE origin_raw IS NOT NULL`);
  // A link that is there needs no mention: what the file says of it was written just now.
  if (links)
    await client.query(
      `DELETE FROM ${MENTIONS} m WHERE NOT EXISTS (SELECT FROM ${stage} s WHERE s.ordinal = m.ordinal)`,
    );
}

/** The names that rows are about to lose: mentions may have found them by these. */
async function namesBefore({
  client,
  stage,
  table,
  key,
  columns,
}: MergeTarget): Promise<{ key: string; name: string }[]> {
  if (!columns.includes('name')) return [];
  const { rows } = await client.query<{ key: string; name: string }>(
    `SELECT ${recordId(key, 't')} AS key, t.name
       FROM ${stage} s
       JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}
      WHERE s.name <> t.name
      ORDER BY 1`,
  );
  return rows;
}

/** Takes the records that say what their rows hold already out of the staging table. */
async function dropSame(target: MergeTarget): Promise<void> {
  const { client, stage, table, key } = target;
  await client.query(
    `DELETE FROM ${stage} s USING ${identifier(table)} t WHERE ${sameKey(key, 't', 's')} AND NOT (${differs(target)})`,
  );
}

/**
 * Writes the edits, in key order. Of a row that a file brought,
 * `edited_values` keeps what the file said: the edit stays until that file says something else. Returns how many rows changed.
 */
async function applyEdits(target: MergeTarget): Promise<number> {
  const { client, stage, table, key } = target;
  const columns = editable(target);
  let updated = 0;
  if (columns.length > 0) {
    const sets = columns.map((column) => `${identifier(column)} = ${newValue(target, column)}`);
    const pairs = columns.map(
      (column) => `('${column}', to_jsonb(t.${identifier(column)}), to_jsonb(${newValue(target, column)}))`,
    );
    await tellLines(target);
    const { rowCount } = await client.query(
      `UPDATE ${identifier(table)} t
          SET ${sets.join(', ')},
              edited_values = ${wordsKept(pairs, saidOf(target, recordId(key, 't')))}
         FROM (SELECT * FROM ${stage} ORDER BY ${key.map(identifier).join(', ')}) s
        WHERE ${sameKey(key, 't', 's')} AND (${differs(target)})`,
    );
    updated = rowCount ?? 0;
    await client.query("SELECT set_config('cairn.edited_lines', '', true)");
  }
  return updated;
}

/** Tells the change log which line edits which row: the rows keep the origin that they have. */
async function tellLines(target: MergeTarget): Promise<void> {
  const { client, stage, table, key } = target;
  await client.query(
    `SELECT set_config('cairn.edited_lines', coalesce(jsonb_object_agg(t.id, s.line)::text, ''), true)
       FROM ${stage} s
       JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}
      WHERE ${differs(target)}`,
  );
}

const editable = ({ columns, key }: MergeTarget): string[] => columns.filter((column) => !key.includes(column));

function differs(target: MergeTarget): string {
  const columns = editable(target).map(
    (column) => `t.${identifier(column)} IS DISTINCT FROM ${newValue(target, column)}`,
  );
  return columns.join(' OR ') || 'false';
}

/**
 * An emptied cell empties the column, where that may be empty. An empty text is written like nothing at all by most programs,
 * so nothing does not change it; nor does a number change that some program wrote with the 15 digits that it keeps.
 */
function newValue({ types, rest }: MergeTarget, column: string): string {
  const name = identifier(column);
  const type = types.get(column);
  const same = type?.type === 'double precision' ? ` OR s.${name}::numeric = t.${name}::numeric` : '';
  if (type?.required === true || column === rest) return `coalesce(s.${name}, t.${name})`;
  const full = type?.type === 'text' ? ` AND t.${name} <> ''` : '';
  const left = `s.${name} IS NULL AND NOT (coalesce(s.origin_raw ? '${column}', false)${full})`;
  return `CASE WHEN ${left}${same} THEN t.${name} ELSE s.${name} END`;
}
