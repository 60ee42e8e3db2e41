/** One file into one dataset, inside one transaction: everything of it commits together, or nothing. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { lockNames } from '../database/locks.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { applyAuthority } from './authority.ts';
import type { Dataset } from './dataset.ts';
import { keepDeparted } from './departed.ts';
import { arrivalsOf, mergeDerived } from './derived.ts';
import { mergeEdits } from './exported/edits.ts';
import { exactMapper } from './exported/exact-mapper.ts';
import { asRows } from './exported/exported-rows.ts';
import { stageForeignKeys } from './foreign-keys.ts';
import { type ImportCounts, lockImport } from './journal.ts';
import { compileMapper, type Mapper } from './map.ts';
import { MENTIONS, mergeMentions } from './mentions.ts';
import { merge, type OnConstraint, type OnMerged } from './merge.ts';
import { mergeParts } from './parts.ts';
import { type FilePass, readFile } from './read-file.ts';
import { type Arrivals, resolveReferences } from './references.ts';
import { type Refusals, rejectRefused, rejectRepeatedAndBuried, rejectStaged } from './refuse.ts';
import type { Registry } from './registry.ts';
import { copyRejects, type KeptReject, openRejects, type RejectWriter } from './rejects.ts';
import { columnRelations, isLinkDataset, locksOf } from './relations.ts';
import { openSending } from './sending.ts';
import { openShared, type Shared, shapeOf } from './shared.ts';
import { speakersOf } from './speakers.ts';
import type { OnRefused } from './stage.ts';
import { openStages, RECORDS, recordColumns, type Stages } from './stages.ts';
import type { Table } from './table.ts';
import type { MergeTarget, Statement } from './target.ts';

export interface TakenIn {
  readonly counts: ImportCounts;
  readonly notes: Readonly<Record<string, unknown>>;
  readonly firstRejects: readonly KeptReject[];
}

export type TakeInInput = Omit<FilePass, 'mapper' | 'stages' | 'rejects'> & {
  readonly registry: Registry;
  readonly statement: Statement;
  /** With other imports of the same transaction. */
  readonly shared?: Shared;
  /** False for a batch of records, which says nothing of those that it does not hold. */
  readonly whole?: boolean | undefined;
};

const LARGE_FILE = 10_000;
/** Sorts, hashes and the index entries of a large file stay in memory: less than it takes to read it. A larger setting stands. */
const MORE_MEMORY = `
  SELECT set_config('work_mem', '64MB', true) WHERE pg_size_bytes(current_setting('work_mem')) < 64 * 1024 * 1024`;

/**
 * Reads, stages and merges a file. `client` is in a transaction whose actor and import are set.
 * @throws AppError of kind `data` where the file cannot be read as a whole, FILE_CHANGED where it changed meanwhile
 */
export async function takeIn(client: pg.ClientBase, given: TakeInInput): Promise<TakenIn> {
  const exported = given.pattern.exported === true;
  const input = exported ? { ...given, dataset: asRows(given.dataset) } : given;
  const { dataset, file, encoding, statement, registry, shared = openShared() } = input;
  if (!shared.several) await lockImport(client, statement);
  crashPoint('import.locked');
  const table = await shapeOf(client, dataset.table, shared);
  const mapper = exported ? exactMapper(dataset, table) : mapperOf(dataset, table);
  const sending = openSending();
  const onReject = input.outcomes?.rejected;
  const writeRejects = async (lines: readonly string[]): Promise<void> => {
    await sending.arrived();
    await copyRejects(client, lines);
  };
  const rejects = openRejects(writeRejects, statement.importId, dataset.name, file, encoding, onReject);
  const refusals: Refusals = new Map();
  const onRefused: OnRefused = async (from, reason) => {
    if (!refusals.has(from.ordinal)) refusals.set(from.ordinal, { from, reason });
  };
  const stages = await openStages(client, dataset, mapper, table, onRefused, sending, shared);
  const read = await readFile({ ...input, mapper, stages, rejects });
  await file.requireSame();
  crashPoint('import.staged');

  const target = targetOf(client, dataset, table);
  await rejectRefused(client, stages, rejects, refusals);
  if (!shared.several) {
    // What joins go by: figures of every column of a long stage would cost as much as half of its COPY.
    await client.query(`ANALYZE ${RECORDS} (${['ordinal', ...target.key].map(identifier).join(', ')})`);
    await lockNames(client, await locksFor(client, registry, dataset, stages), 'exclusive');
  }
  if (read > LARGE_FILE) await client.query(MORE_MEMORY);
  // An export says what rows were, and a link's words are its mention.
  const speaks = !exported && !isLinkDataset(dataset);
  const speakers = speakersOf(registry, dataset.table, stages);
  const { relations } = registry;
  await rejectRepeatedAndBuried(target, stages, rejects, speaks ? { statement, speakers, relations } : undefined);
  crashPoint('import.matched');
  const edited = exported ? await mergeEdits(target, registry, statement, isLinkDataset(dataset)) : 0;
  const merged = isLinkDataset(dataset)
    ? await mergeLinks(client, input)
    : await mergeRecords(target, input, stages, rejects, read);
  crashPoint('import.resolved');
  return takenIn({ read, ...merged, updated: merged.updated + edited });

  async function takenIn({ read, inserted, updated, derived }: Merged & { readonly read: number }): Promise<TakenIn> {
    await rejects.flush();
    const rejected = rejects.count();
    // The original bytes of some rejects were read again after the first look.
    if (rejected > 0) await file.requireSame();
    return {
      counts: { read, inserted, updated, rejected, derived, unchanged: read - inserted - updated - rejected },
      notes: {
        encoding,
        ...input.transforming?.notes(),
        ...(mapper.unknown.size > 0 && { unknownNames: [...mapper.unknown].sort() }),
      },
      firstRejects: rejects.first,
    };
  }
}

type Merged = Pick<ImportCounts, 'inserted' | 'updated' | 'derived'>;

/**
 * Merges until no table refuses a record. What a refused one brought may have been merged before it, and may have moved others:
 * all is taken back, and the merge begins again without it.
 */
async function mergeRecords(
  target: MergeTarget,
  input: TakeInInput,
  stages: Stages,
  rejects: RejectWriter,
  read: number,
): Promise<Merged> {
  const { client } = target;
  for (;;) {
    const refused = new Map<number, string>();
    const told: Parameters<OnMerged>[] = [];
    await client.query('SAVEPOINT records');
    const merged = await mergePassed(target, input, stages, read, refused, told);
    if (merged !== undefined) {
      await client.query('RELEASE SAVEPOINT records');
      for (const outcome of told) input.outcomes?.merged(...outcome);
      return merged;
    }
    await client.query('ROLLBACK TO SAVEPOINT records; RELEASE SAVEPOINT records');
    await rejectStaged(client, stages, rejects, refused);
  }
}

/** Undefined where a table refused records: `refused` holds which, and why. `told` hears which were merged, where anybody asks. */
async function mergePassed(
  target: MergeTarget,
  { registry, dataset, pattern, statement, outcomes, whole, shared: shapes = openShared() }: TakeInInput,
  stages: Stages,
  read: number,
  refused: Map<number, string>,
  told: Parameters<OnMerged>[],
): Promise<Merged | undefined> {
  const { client } = target;
  const arrivals: Arrivals[] = [];
  const onConstraint: OnConstraint = async (ordinal, reason) => void refused.set(ordinal, reason);
  const onMerged: OnMerged | undefined = outcomes && ((...outcome) => void told.push(outcome));
  let derived = await mergeDerived(client, registry, stages, statement, arrivals, onConstraint);
  // The rows that refused records brought are there: what is merged now might meet them.
  if (refused.size > 0) return undefined;
  crashPoint('import.derived');
  // What an export says of known rows is done with by now: they are not gone from it.
  if (whole !== false && pattern.exported !== true)
    await keepDeparted(client, registry, dataset, [statement.importId], stages, shapes);
  const shared = await applyAuthority(target, statement, speakersOf(registry, dataset.table, stages));
  await stageForeignKeys(target, columnRelations(registry.relations, dataset.table), statement, shared);
  arrivals.push(await arrivalsOf(target, registry));
  const counts = await merge(target, statement.importId, onConstraint, read, onMerged);
  if (refused.size > 0) return undefined;
  for (const part of dataset.parts ?? []) {
    const stage = stages.parts.get(part.table);
    if (stage !== undefined) await mergeParts(client, part, stage.name, statement.importId);
  }
  await mergeMentions(client, statement);
  crashPoint('import.merged');
  const links = await resolveReferences(client, registry.relations, arrivals, [statement.importId]);
  for (const count of links.values()) derived += count;
  return { ...counts, derived };
}

/** The records of a link dataset are mentions, and the counts are theirs: one that waits for a row is taken in. */
async function mergeLinks(client: pg.ClientBase, { registry, statement, outcomes }: TakeInInput): Promise<Merged> {
  const counts = await mergeMentions(client, statement, outcomes?.merged);
  await resolveReferences(client, registry.relations, [], [statement.importId]);
  return { ...counts, derived: 0 };
}

/** Reads and checks records of the dataset, whose table is `table`. */
export function mapperOf(dataset: Dataset, { columns }: Table): Mapper {
  const hasDefault = (column: string): boolean =>
    column !== dataset.rest && (columns.get(column)?.default ?? null) !== null;
  return compileMapper(dataset, new Set(recordColumns(dataset).filter(hasDefault)));
}

/** The staged records of the dataset on their way into its table. */
export function targetOf(client: pg.ClientBase, dataset: Dataset, { columns }: Table): MergeTarget {
  return {
    client,
    stage: RECORDS,
    table: dataset.table,
    key: dataset.key,
    columns: recordColumns(dataset),
    types: columns,
    rest: dataset.rest,
  };
}

/** Everything whose rows this import may look at and then write: its tables, and the relations that meet them. */
async function locksFor(
  client: pg.ClientBase,
  registry: Registry,
  dataset: Dataset,
  stages: Stages,
): Promise<Set<string>> {
  const { rows } = await client.query<{ relation: string }>(`SELECT DISTINCT relation FROM ${MENTIONS}`);
  const locks = locksOf(registry.relations, [dataset.table, ...stages.derived.keys()]);
  return new Set([...locks, ...rows.map(({ relation }) => relation)]);
}
