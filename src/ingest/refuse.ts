/** Taking staged records back: those that the database refused, repeats of a key, and rows that a person deleted. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { RejectReason } from './dataset.ts';
import { repeatPages, takeRepeats } from './duplicates.ts';
import { MENTIONS } from './mentions.ts';
import type { RejectWriter } from './rejects.ts';
import type { StagedFrom } from './stage.ts';
import { RECORDS, type Stages } from './stages.ts';
import type { MergeTarget } from './target.ts';
import { takeBuried } from './tombstones.ts';

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
  await drop(client, [RECORDS, ...broughtBy(stages)], [...refusals.keys()]);
  for (const { from, reason } of refusals.values()) await rejects.add(from, [constraint(reason)]);
}

/** Takes out what a first look refuses: a key that stood before in the file, and rows that a person deleted. */
export async function rejectRepeatedAndBuried(
  target: MergeTarget,
  stages: Stages,
  rejects: RejectWriter,
): Promise<void> {
  const { client } = target;
  if (await takeRepeats(client, RECORDS, target.key, broughtBy(stages))) {
    for await (const page of repeatPages(client)) {
      for (const repeat of page) {
        const message = `The key ${repeat.key} stands on line ${repeat.first_line} already, with other values`;
        await rejects.add(placeOf(repeat), [keyReason(target, 'DUPLICATE_KEY', message, repeat.key)]);
      }
    }
  }
  const buried = await takeBuried(target);
  if (buried.length === 0) return;
  for (const row of buried) {
    const day = row.deleted_at.toISOString().slice(0, 10);
    const message = `${row.deleted_by} deleted ${row.key} on ${day}: create it by hand to have it again`;
    await rejects.add(placeOf(row), [keyReason(target, 'TOMBSTONED', message, row.key)]);
  }
  await drop(
    client,
    broughtBy(stages),
    buried.map(({ ordinal }) => ordinal),
  );
}

/** Rejects one staged record that its table refused in the merge. */
export async function rejectStaged(
  client: pg.ClientBase,
  stages: Stages,
  rejects: RejectWriter,
  ordinal: number,
  reason: string,
): Promise<void> {
  const { rows } = await client.query<StagedPlace>(
    `DELETE FROM ${RECORDS} WHERE ordinal = $1 RETURNING ordinal, line, span_offset, span_length, raw_text`,
    [ordinal],
  );
  await drop(client, broughtBy(stages), [ordinal]);
  const [staged] = rows;
  if (staged !== undefined) await rejects.add(placeOf(staged), [constraint(reason)]);
}

export function broughtBy(stages: Stages): string[] {
  return [MENTIONS, ...[...stages.parts.values()].map(({ name }) => name)];
}

async function drop(client: pg.ClientBase, staging: readonly string[], ordinals: readonly number[]): Promise<void> {
  for (const name of staging)
    await client.query(`DELETE FROM ${identifier(name)} WHERE ordinal = ANY ($1)`, [ordinals]);
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
