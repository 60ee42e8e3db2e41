/** Rows that records bring along for other tables: merged like any file's, below every file of the table's own. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { applyAuthority } from './authority.ts';
import { dropRepeats } from './duplicates.ts';
import { DERIVED_AUTHORITY } from './match.ts';
import { merge, type OnConstraint } from './merge.ts';
import { type Arrivals, namesToLose } from './references.ts';
import { keyOfTable, type Registry } from './registry.ts';
import { speakersOf } from './speakers.ts';
import { BRINGERS, MARK, RECORD_ORDINAL, type Stages } from './stages.ts';
import { type MergeTarget, recordId, type Statement, sameKey } from './target.ts';
import { takeBuried } from './tombstones.ts';

/**
 * Merges all derived rows of an import. Adds what arrived to `arrivals` and returns how many rows were inserted.
 * `onConstraint` hears of the records whose derived row a table refused; the rows of others are merged all the same.
 */
export async function mergeDerived(
  client: pg.ClientBase,
  registry: Registry,
  stages: Stages,
  statement: Statement,
  arrivals: Arrivals[],
  onConstraint: OnConstraint,
): Promise<number> {
  let inserted = 0;
  for (const { table, stage, given, columns: types } of stages.derived.values()) {
    const key = keyOfTable(registry, table);
    const target: MergeTarget = { client, stage: stage.name, table, key, columns: given, types, rest: undefined };
    await client.query(`ANALYZE ${stage.name}`);
    await dropRepeats(client, stage.name, key);
    const last = await numberRows(client, stage.name);
    await takeBuried(target);
    await leaveTyped(target);
    const derived = { ...statement, authority: DERIVED_AUTHORITY };
    await applyAuthority(target, derived, speakersOf(registry, table, undefined));
    arrivals.push(await arrivalsOf(target, registry));
    const onRow: OnConstraint = async (ordinal, reason) => {
      const { rows } = await client.query<{ record: number }>(
        `SELECT ${RECORD_ORDINAL} AS record FROM ${stage.name} WHERE ordinal = $1
         UNION
         SELECT b.ordinal FROM ${stage.name} s JOIN ${BRINGERS} b ON b.${MARK} = s.${MARK} WHERE s.ordinal = $1`,
        [ordinal],
      );
      for (const { record } of rows) await onConstraint(record, reason);
    };
    const counts = await merge(target, statement.importId, onRow, last);
    inserted += counts.inserted;
  }
  return inserted;
}

/** A row that a person made is as they typed it: who is merely named elsewhere is no other for it. */
async function leaveTyped({ client, stage, table, key }: MergeTarget): Promise<void> {
  await client.query(
    `DELETE FROM ${stage} s USING ${identifier(table)} t WHERE ${sameKey(key, 't', 's')} AND t.origin_import_id IS NULL`,
  );
}

/** Gives each row an ordinal of its own, from 1 on, and returns the last. */
async function numberRows(client: pg.ClientBase, stage: string): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE ${stage} s
        SET ${RECORD_ORDINAL} = s.ordinal, ordinal = r.place
       FROM (SELECT ctid, row_number() OVER (ORDER BY ordinal, ctid)::integer AS place FROM ${stage}) r
      WHERE s.ctid = r.ctid`,
  );
  return rowCount ?? 0;
}

/** What a staging table brings to the references, asked before it is merged. */
export async function arrivalsOf(target: MergeTarget, { relations }: Registry): Promise<Arrivals> {
  const { client, table, stage, key, columns } = target;
  const [first] = key;
  const named = columns.includes('name') && key.length === 1;
  const formerNames =
    named && first !== undefined ? await namesToLose(client, relations, { table, stage, key: first }) : [];
  return { table, stage, key: recordId(key, 's'), named, formerNames };
}
