/** One file into one dataset, inside one transaction: everything of it commits together, or nothing. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { lockNames } from '../database/locks.ts';
import { applyAuthority, type Speakers } from './authority.ts';
import type { Dataset, RawSpan, RejectReason } from './dataset.ts';
import { takeRepeats } from './duplicates.ts';
import { type ImportCounts, lockImport } from './journal.ts';
import { compileMapper } from './map.ts';
import { MENTIONS, mergeMentions, stageMissingTargets } from './mentions.ts';
import { merge } from './merge.ts';
import { mergeParts } from './parts.ts';
import { type FilePass, readFile } from './read-file.ts';
import { resolveReferences } from './references.ts';
import { keyOfTable, type Registry } from './registry.ts';
import { type KeptReject, openRejects, type RejectWriter } from './rejects.ts';
import { type ColumnRelation, isLinkDataset, type Relation } from './relations.ts';
import { openStages, RECORDS, recordColumns, type Stages } from './stages.ts';
import { type Columns, readColumns } from './table.ts';
import { type MergeTarget, recordId, type Statement } from './target.ts';
import { takeBuried } from './tombstones.ts';

export interface TakenIn {
  readonly counts: ImportCounts;
  readonly notes: Readonly<Record<string, unknown>>;
  readonly firstRejects: readonly KeptReject[];
}

export type TakeInInput = Omit<FilePass, 'mapper' | 'stages' | 'rejects'> & {
  readonly registry: Registry;
  readonly statement: Statement;
};

/**
 * Reads, stages and merges a file. `client` is in a transaction whose actor and import are set.
 * @throws AppError of kind `data` where the file cannot be read as a whole, FILE_CHANGED where it changed meanwhile
 */
export async function takeIn(client: pg.ClientBase, input: TakeInInput): Promise<TakenIn> {
  const { dataset, file, encoding, statement, registry } = input;
  await lockImport(client, statement.importId);
  const types = await readColumns(client, dataset.table);
  const defaults = new Set(recordColumns(dataset).filter((column) => hasDefault(types, column, dataset)));
  const mapper = compileMapper(dataset, defaults);
  const rejects = openRejects(client, statement.importId, dataset.name, file, encoding);
  const stages = await openStages(client, dataset, mapper, types, async (from, reason) => {
    await rejects.add(from.line, from.raw, [constraint(reason)]);
  });
  const read = await readFile({ ...input, mapper, stages, rejects });
  await file.requireSame();

  const target: MergeTarget = {
    client,
    stage: RECORDS,
    table: dataset.table,
    key: dataset.key,
    columns: recordColumns(dataset),
    types,
    rest: dataset.rest,
  };
  await client.query(`ANALYZE ${RECORDS}`);
  await lockNames(client, await locksFor(client, registry, dataset, stages), 'exclusive');
  await refuse(client, stages, rejects, target);
  const merged = isLinkDataset(dataset)
    ? await mergeLinks(client, registry, statement)
    : await mergeRecords(client, registry, input, stages, target, rejects);
  await rejects.flush();
  const rejected = rejects.count();
  const { inserted, updated, derived } = merged;
  return {
    counts: { read, inserted, updated, rejected, derived, unchanged: read - inserted - updated - rejected },
    notes: { encoding, ...(mapper.unknown.size > 0 && { unknownNames: [...mapper.unknown].sort() }) },
    firstRejects: rejects.first,
  };
}

interface Merged {
  readonly inserted: number;
  readonly updated: number;
  readonly derived: number;
}

async function mergeRecords(
  client: pg.ClientBase,
  registry: Registry,
  { dataset, statement }: TakeInInput,
  stages: Stages,
  target: MergeTarget,
  rejects: RejectWriter,
): Promise<Merged> {
  const relations = registry.relations.filter(
    (relation): relation is ColumnRelation => relation.kind === 'column' && relation.owner.table === dataset.table,
  );
  let derived = await mergeDerived(client, registry, stages, statement);
  await applyAuthority(target, statement, speakersOf(registry, dataset.table, relations, stages, dataset));
  await stageMissingTargets(target, relations, statement);
  const counts = await merge(target, statement.importId, async (ordinal, reason) => {
    await rejectStaged(client, rejects, target, ordinal, reason);
  });
  for (const part of dataset.parts ?? []) {
    const stage = stages.parts.get(part.table);
    if (stage !== undefined) derived += await mergeParts(client, part, stage.name, statement.importId);
  }
  await mergeMentions(client, statement);
  const arrivals = {
    table: dataset.table,
    keys: `(SELECT ${recordId(dataset.key, 's')} AS key FROM ${RECORDS} s) arrived`,
  };
  derived += await resolveReferences(client, registry.relations, arrivals, statement.importId, true);
  return { ...counts, derived };
}

/** The records of a link dataset are mentions, and the counts are theirs: one that waits for a row is taken in. */
async function mergeLinks(client: pg.ClientBase, registry: Registry, statement: Statement): Promise<Merged> {
  const counts = await mergeMentions(client, statement);
  await resolveReferences(client, registry.relations, undefined, statement.importId, true);
  return { ...counts, derived: 0 };
}

/** Rows that records bring along for other tables: merged like any file's, below every file of the table's own. */
async function mergeDerived(
  client: pg.ClientBase,
  registry: Registry,
  stages: Stages,
  statement: Statement,
): Promise<number> {
  let inserted = 0;
  for (const { table, stage, types } of stages.derived.values()) {
    const key = keyOfTable(registry, table);
    const columns = stage.columns.filter((column) => column !== 'origin_raw');
    const target: MergeTarget = { client, stage: stage.name, table, key, columns, types, rest: undefined };
    await client.query(`ANALYZE ${stage.name}`);
    await takeRepeats(client, stage.name, key);
    await takeBuried(target);
    await applyAuthority(
      target,
      { ...statement, authority: DERIVED },
      speakersOf(registry, table, [], stages, undefined),
    );
    // The values come from a dataset file's `derived`: one that the table refuses is that file's fault, not the record's.
    const counts = await merge(target, statement.importId, async (_ordinal, reason) => {
      throw new Error(`A derived row of ${table} breaks ${reason}`);
    });
    inserted += counts.inserted;
    const arrivals = { table, keys: `(SELECT ${recordId(key, 's')} AS key FROM ${stage.name} s) arrived` };
    await resolveReferences(client, registry.relations, arrivals, null, false);
  }
  return inserted;
}
const DERIVED = 90;

/** Takes out of the staging tables what a first look refuses: repeats and rows that a person deleted. */
async function refuse(
  client: pg.ClientBase,
  stages: Stages,
  rejects: RejectWriter,
  target: MergeTarget,
): Promise<void> {
  const out: number[] = [];
  for (const repeat of await takeRepeats(client, RECORDS, target.key)) {
    out.push(repeat.ordinal);
    if (repeat.identical) continue;
    const message = `The key ${repeat.key} stands on line ${repeat.first_line} already, with other values`;
    await rejects.add(repeat.line, spanOf(repeat), [reason(target, 'DUPLICATE_KEY', message, repeat.key)]);
  }
  for (const buried of await takeBuried(target)) {
    out.push(buried.ordinal);
    const message = `${buried.deleted_by} deleted ${buried.key} on ${buried.deleted_at.toISOString().slice(0, 10)}: create it by hand to have it again`;
    await rejects.add(buried.line, spanOf(buried), [reason(target, 'TOMBSTONED', message, buried.key)]);
  }
  await dropBrought(client, stages, out);
}

async function rejectStaged(
  client: pg.ClientBase,
  rejects: RejectWriter,
  target: MergeTarget,
  ordinal: number,
  why: string,
): Promise<void> {
  const { rows } = await client.query<StagedPlace>(
    `DELETE FROM ${target.stage} s WHERE ordinal = $1
     RETURNING s.line, s.span_offset, s.span_length, s.raw_text, ${recordId(target.key, 's')} AS key`,
    [ordinal],
  );
  const [staged] = rows;
  if (staged === undefined) return;
  await client.query(`DELETE FROM ${MENTIONS} WHERE ordinal = $1`, [ordinal]);
  await rejects.add(staged.line, spanOf(staged), [constraint(why)]);
}

async function dropBrought(client: pg.ClientBase, stages: Stages, ordinals: readonly number[]): Promise<void> {
  if (ordinals.length === 0) return;
  for (const { name } of [stages.mentions, ...stages.parts.values()])
    await client.query(`DELETE FROM ${identifier(name)} WHERE ordinal = ANY ($1)`, [ordinals]);
}

interface StagedPlace {
  readonly line: number;
  readonly span_offset: bigint | null;
  readonly span_length: number | null;
  readonly raw_text: string | null;
  readonly key: string;
}

function spanOf(place: Omit<StagedPlace, 'line' | 'key'>): RawSpan {
  if (place.span_offset === null || place.span_length === null) return { text: place.raw_text ?? '' };
  return { offset: Number(place.span_offset), length: place.span_length };
}

function reason({ key }: MergeTarget, code: RejectReason['code'], message: string, value: string): RejectReason {
  return { field: key.join(', '), code, message, value };
}

function constraint(why: string): RejectReason {
  return { field: '', code: 'CONSTRAINT', message: `The database refused this record: ${why}`, value: null };
}

function hasDefault(types: Columns, column: string, dataset: Dataset): boolean {
  return column !== dataset.rest && (types.get(column)?.default ?? null) !== null;
}

/** Everything whose rows this import may look at and then write: its tables, and the relations that meet them. */
async function locksFor(
  client: pg.ClientBase,
  registry: Registry,
  dataset: Dataset,
  stages: Stages,
): Promise<Set<string>> {
  const tables = [dataset.table, ...stages.derived.keys()];
  const { rows } = await client.query<{ relation: string }>(`SELECT DISTINCT relation FROM ${MENTIONS}`);
  const meets = (relation: Relation): boolean =>
    tables.includes(relation.owner.table) || tables.includes(relation.target.table);
  const relations = registry.relations.filter(meets).map(({ name }) => name);
  return new Set([...tables, ...relations, ...rows.map(({ relation }) => relation)]);
}

function speakersOf(
  registry: Registry,
  table: string,
  references: readonly ColumnRelation[],
  stages: Stages,
  dataset: Dataset | undefined,
): Speakers {
  const speaking = [...registry.datasets.values()].filter((other) => other.table === table);
  const columns = Object.fromEntries(speaking.map((other) => [other.name, recordColumns(other)]));
  const parts = new Map(
    speaking
      .flatMap((other) => other.parts ?? [])
      .map((part) => [part.table, { table: part.table, owner: part.key[0] }]),
  );
  return {
    columns,
    derived: speaking[0]?.key.concat('name') ?? [],
    references: references.map(({ column, name }) => ({ column, relation: name })),
    parts: [...parts.values()].map((part) => ({
      ...part,
      stage: dataset === undefined ? undefined : stages.parts.get(part.table)?.name,
    })),
  };
}
