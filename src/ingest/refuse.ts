/** Taking staged records back: those that the database refused, repeats of a key, and rows that a person deleted. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { RejectReason } from './dataset.ts';
import { repeatPages, takeRepeats } from './duplicates.ts';
import { MENTIONS } from './mentions.ts';
import type { RejectWriter } from './rejects.ts';
import type { Relation } from './relations.ts';
import type { StagedFrom } from './stage.ts';
import { BRINGERS, MARK, RECORDS, type Stages } from './stages.ts';
import type { MergeTarget } from './target.ts';
import { type Spoken, takeBuried } from './tombstones.ts';

/** Records that a staging table refused, by ordinal: one record is one reject, however many of its rows were refused. */
export type Refusals = Map<number, { readonly from: StagedFrom; readonly reason: string }>;

/** Turns the refused records into rejects; what else was staged of them goes. */
export async function rejectRefused(
  client: pg.ClientBase,
  stages: Stages,
  rejects: RejectWriter,
  refusals: Refusals,
): Promise<void> {
  if (refusals.size === 0) return;
  await addBringers(client, stages, refusals);
  await drop(client, stages, [RECORDS, ...broughtBy(stages)], [...refusals.keys()]);
  for (const { from, reason } of refusals.values()) await rejects.add(from, [constraint(reason)]);
}

/**
 * Takes out what a first look refuses: a key that stood before in the file, and rows that a person deleted. With `spoken` what the
 * file says of these is kept for whoever makes them anew: their words, and the mentions that lead from them or to them.
 */
export async function rejectRepeatedAndBuried(
  target: MergeTarget,
  stages: Stages,
  rejects: RejectWriter,
  spoken?: Spoken & { readonly relations: readonly Relation[] },
): Promise<void> {
  const { client } = target;
  if (await takeRepeats(client, RECORDS, target.key, broughtBy(stages))) {
    for await (const page of repeatPages(client)) {
      for (const repeat of page) {
        const message = `The key ${repeat.key} stands on line ${repeat.first_line} already, with other values`;
        await rejects.add(placeOf(repeat), [keyReason(target, 'DUPLICATE_KEY', message, repeat.key)]);
      }
    }
    await giveToFirst(client, stages);
    await dropDerived(client, stages, 'SELECT ordinal FROM repeats WHERE NOT identical');
  }
  const buried = await takeBuried(target, spoken);
  if (buried.length === 0) return;
  for (const row of buried) {
    const day = row.deleted_at.toISOString().slice(0, 10);
    const message = `${row.deleted_by} deleted ${row.key} on ${day}: create it by hand to have it again`;
    await rejects.add(placeOf(row), [keyReason(target, 'TOMBSTONED', message, row.key)]);
  }
  const ordinals = buried.map(({ ordinal }) => ordinal);
  if (spoken !== undefined) await dropMentionsOfOthers(target, spoken.relations, ordinals);
  await drop(client, stages, spoken === undefined ? broughtBy(stages) : partsBy(stages), ordinals);
}

/** A record of a row that is not there may not relate two others; what relates that row itself waits for it. */
async function dropMentionsOfOthers(
  { client, table }: MergeTarget,
  relations: readonly Relation[],
  ordinals: readonly number[],
): Promise<void> {
  const among = (end: 'owner' | 'target'): string[] =>
    relations.filter((relation) => relation[end].table === table).map(({ name }) => name);
  await client.query(
    `DELETE FROM ${MENTIONS} m
      WHERE m.ordinal = ANY ($1)
        AND NOT (m.relation = ANY ($2) AND m.owner_key = m.record_id
                 OR m.relation = ANY ($3) AND m.target_by = 'key' AND m.target = m.record_id)`,
    [ordinals, among('owner'), among('target')],
  );
}

/** Rejects the staged records that a table refused in the merge, which the caller has rolled back: `refused` is why, by ordinal. */
export async function rejectStaged(
  client: pg.ClientBase,
  stages: Stages,
  rejects: RejectWriter,
  refused: ReadonlyMap<number, string>,
): Promise<void> {
  const ordinals = [...refused.keys()];
  const { rows } = await client.query<StagedPlace>(
    `DELETE FROM ${RECORDS} WHERE ordinal = ANY ($1) RETURNING ordinal, line, span_offset, span_length, raw_text`,
    [ordinals],
  );
  await drop(client, stages, broughtBy(stages), ordinals);
  for (const staged of rows.sort((a, b) => a.ordinal - b.ordinal))
    await rejects.add(placeOf(staged), [constraint(refused.get(staged.ordinal) ?? '')]);
}

export function broughtBy(stages: Stages): string[] {
  return [MENTIONS, ...partsBy(stages)];
}

const partsBy = ({ parts }: Stages): string[] => [...parts.values()].map(({ name }) => name);

async function drop(
  client: pg.ClientBase,
  stages: Stages,
  staging: readonly string[],
  ordinals: readonly number[],
): Promise<void> {
  for (const name of staging)
    await client.query(`DELETE FROM ${identifier(name)} WHERE ordinal = ANY ($1)`, [ordinals]);
  await dropDerived(client, stages, 'SELECT unnest($1::integer[])', [ordinals]);
}

/** Takes out the derived rows of the records that the SQL `rejected` selects; one that others bring too becomes the first of theirs. */
async function dropDerived(
  client: pg.ClientBase,
  stages: Stages,
  rejected: string,
  values: readonly unknown[] = [],
): Promise<void> {
  if (stages.bringers() === undefined) return;
  await client.query(`DELETE FROM ${BRINGERS} WHERE ordinal IN (${rejected})`, [...values]);
  for (const { stage } of stages.derived.values()) {
    await client.query(
      `UPDATE ${stage.name} s
          SET ordinal = b.ordinal, line = b.line
         FROM (SELECT DISTINCT ON (${MARK}) ${MARK}, ordinal, line FROM ${BRINGERS} ORDER BY ${MARK}, ordinal) b
        WHERE s.${MARK} = b.${MARK} AND s.ordinal IN (${rejected})`,
      [...values],
    );
    await client.query(`DELETE FROM ${stage.name} WHERE ordinal IN (${rejected})`, [...values]);
  }
}

/** What a repeat brings that says the same as the first of its key is the first's: it goes where that one is rejected. */
async function giveToFirst(client: pg.ClientBase, stages: Stages): Promise<void> {
  if (stages.bringers() === undefined) return;
  for (const name of [BRINGERS, ...[...stages.derived.values()].map(({ stage }) => stage.name)])
    await client.query(
      `UPDATE ${name} s SET ordinal = r.first_ordinal FROM repeats r WHERE r.identical AND s.ordinal = r.ordinal`,
    );
}

/** A derived row that its staging table refused is missed by every record that brings it, not only by the first. */
async function addBringers(client: pg.ClientBase, stages: Stages, refusals: Refusals): Promise<void> {
  if (stages.bringers() === undefined) return;
  const staged = [...stages.derived.values()].map(
    ({ stage }) => `NOT EXISTS (SELECT FROM ${stage.name} d WHERE d.${MARK} = b.${MARK})`,
  );
  const { rows } = await client.query<StagedPlace & { readonly first: number }>(
    `SELECT DISTINCT ON (s.ordinal) s.ordinal, s.line, s.span_offset, s.span_length, s.raw_text, b.first
       FROM ${BRINGERS} b
       JOIN ${RECORDS} s ON s.ordinal = b.ordinal
      WHERE ${staged.join(' AND ')}
      ORDER BY s.ordinal, b.first`,
  );
  for (const row of rows) {
    const reason = refusals.get(row.first)?.reason;
    if (reason !== undefined) refusals.set(row.ordinal, { from: placeOf(row), reason });
  }
}

interface StagedPlace {
  readonly ordinal: number;
  readonly line: number;
  readonly span_offset: bigint | null;
  readonly span_length: number | null;
  readonly raw_text: string | null;
}

function placeOf({ ordinal, line, span_offset: offset, span_length: length, raw_text: text }: StagedPlace): StagedFrom {
  const raw = offset === null || length === null ? { text: text ?? '' } : { offset: Number(offset), length };
  return { ordinal, line, raw };
}

function keyReason({ key }: MergeTarget, code: RejectReason['code'], message: string, value: string): RejectReason {
  return { field: key.join(', '), code, message, value };
}

function constraint(why: string): RejectReason {
  return { field: '', code: 'CONSTRAINT', message: `The database refused this record: ${why}`, value: null };
}
