/** The staging tables of one import, and how a mapped record becomes their lines. */
import type pg from 'pg';
import { emptyObject, type MutableJsonObject } from '../kernel/json.ts';
import type { Brought, Dataset, FieldValue, MappedRecord } from './dataset.ts';
import type { Mapped, Mapper } from './map.ts';
import { MENTION_AUTHORITY, MENTION_COLUMNS, MENTIONS } from './mentions.ts';
import { isLinkDataset } from './relations.ts';
import { openSending, type Sending } from './sending.ts';
import { openShared, type Shared, shapeOf } from './shared.ts';
import { createStage, type OnRefused, type StagedFrom, type StageShape, type StageTable } from './stage.ts';
import type { Columns, Table } from './table.ts';

export const RECORDS = 'stage_records';
/** The staging table of the parts that go to `table`. */
export const partStage = (table: string): string => `stage_part_${table}`;
const DERIVED_PREFIX = 'stage_derived_';

/** A record may bring several rows for one table: each gets an ordinal of its own, and this column holds the record's. */
export const RECORD_ORDINAL = 'record_ordinal';
/** Tells a derived row from all others of its import. */
export const MARK = 'derived_mark';
/** The records that bring a derived row again, by its {@link MARK}: they bring it still where its first is rejected. */
export const BRINGERS = 'stage_bringers';

export interface DerivedStage {
  /** Columns that the records give. */
  readonly given: readonly string[];
  readonly table: string;
  readonly stage: StageTable;
  readonly columns: Columns;
}

export interface Stages {
  readonly records: StageTable;
  readonly mentions: StageTable;
  /** By table; made when the first row comes. */
  readonly parts: ReadonlyMap<string, StageTable>;
  readonly derived: ReadonlyMap<string, DerivedStage>;
  /** Of {@link BRINGERS}; made with the first derived row. */
  readonly bringers: () => StageTable | undefined;
  readonly addRecord: (from: StagedFrom, mapped: Mapped) => Promise<void> | undefined;
  readonly addBrought: (from: StagedFrom, key: string, brought: Brought) => Promise<void>;
  /** Whether anything but records is staged. */
  readonly hasBrought: () => boolean;
  /** Sends what is still held and waits until it has arrived. */
  readonly flush: () => Promise<void>;
  /** Waits until nothing is under way, for whoever gives up. */
  readonly settled: () => Promise<void>;
}

/** Distinct derived rows remembered, so that a name on every line is staged once; beyond it repeats cost only space. */
const REMEMBERED = 100_000;

/** Where an import's staging tables are: in the database, or in memory until they are known to fit together. */
export interface StageMaker {
  readonly create: (shape: StageShape) => Promise<StageTable>;
  /** The shape of a table by its name. */
  readonly shapeOf: (table: string) => Promise<Table>;
  readonly sending: Sending;
}

export function openStages(
  client: pg.ClientBase,
  dataset: Dataset,
  mapper: Mapper,
  table: Table,
  onRefused: OnRefused,
  sending: Sending = openSending(),
  shared: Shared = openShared(),
): Promise<Stages> {
  const staging = { sending, onRefused, made: shared.made, alone: !shared.several };
  return stagesIn(dataset, planRecords(dataset, mapper, table), {
    create: (shape) => createStage(client, shape, staging),
    shapeOf: (name) => shapeOf(client, name, shared),
    sending,
  });
}

/** How records are staged: the same for every file of a dataset. */
export interface RecordPlan {
  readonly shape: StageShape;
  readonly values: (mapped: Mapped) => (string | number | boolean | null)[];
}

/** `table` is the dataset's. */
export function planRecords(dataset: Dataset, mapper: Mapper, table: Table): RecordPlan {
  const columns = recordColumns(dataset);
  return {
    shape: { name: RECORDS, columns: [...columns, 'origin_raw'], table: withRaw(table) },
    values: columnPlaces(mapper, columns, dataset.rest, table.columns),
  };
}

/** The staging tables of an import into `dataset`. */
export async function stagesIn(
  dataset: Dataset,
  plan: RecordPlan,
  { create, shapeOf, sending }: StageMaker,
): Promise<Stages> {
  const records = await create(plan.shape);
  const mentions = await create({ name: MENTIONS, columns: MENTION_COLUMNS, table: MENTION_TABLE });
  const parts = new Map<string, StageTable>();
  const derived = new Map<string, DerivedStage>();
  const seen = new Map<string, { readonly mark: number; readonly first: number }>();
  let bringers: StageTable | undefined;
  let marks = 0;
  const declared = new Map((dataset.parts ?? []).map((part) => [part.table, part]));

  const addBrought = async (from: StagedFrom, key: string, brought: Brought): Promise<void> => {
    for (const { relation, owner, target, attributes } of brought.references ?? []) {
      const named = typeof target !== 'string';
      const own = relation.startsWith(`${dataset.table}.`) && owner === key;
      await mentions.add(from, [
        relation,
        owner,
        named ? 'name' : 'key',
        named ? target.name : target,
        attributes === undefined ? null : JSON.stringify(attributes),
        key,
        own ? MENTION_AUTHORITY.record : MENTION_AUTHORITY.other,
      ]);
    }
    for (const row of brought.derived ?? []) {
      const told = `${row.table}\n${JSON.stringify(row.fields)}`;
      const known = seen.get(told);
      if (known !== undefined) {
        if (known.first !== from.ordinal) await bringers?.add({ ...from, raw: NOWHERE }, [known.mark, known.first]);
        continue;
      }
      marks += 1;
      if (seen.size < REMEMBERED) seen.set(told, { mark: marks, first: from.ordinal });
      const into = derived.get(row.table) ?? (await openDerived(row.table, Object.keys(row.fields)));
      await into.stage.add(from, rowValues({ ...row.fields, [MARK]: marks }, into.stage.columns, into.columns));
    }
    for (const [table, rows] of Object.entries(brought.parts ?? {})) {
      const part = declared.get(table);
      const into = parts.get(table);
      if (part === undefined || into === undefined)
        throw new Error(`The dataset ${dataset.name} brings parts of ${table}, which it does not declare`);
      // A part belongs to its record and stands where the record lists it: no dataset file repeats that.
      const [owner, place] = part.key;
      for (const [index, row] of rows.entries())
        await into.add(from, rowValues({ ...row, [owner]: key, [place]: index + 1 }, into.columns, undefined));
    }
  };

  const openDerived = async (table: string, names: readonly string[]): Promise<DerivedStage> => {
    // A chunk that is refused is rolled back, and with it whatever was made meanwhile.
    await sending.arrived();
    const shape = await shapeOf(table);
    const name = `${DERIVED_PREFIX}${table}`;
    const given = [...names, RECORD_ORDINAL, MARK, 'origin_raw'];
    const stage = await create({ name, columns: given, table: withRaw(shape) });
    bringers ??= await create({ name: BRINGERS, columns: [MARK, 'first'], table: BRINGER_TABLE });
    const opened = { given: names, table, stage, columns: shape.columns };
    derived.set(table, opened);
    return opened;
  };

  for (const part of dataset.parts ?? []) {
    const shape = await shapeOf(part.table);
    const columns = [...part.key, ...part.columns];
    parts.set(part.table, await create({ name: partStage(part.table), columns, table: shape, complete: true }));
  }

  return {
    records,
    mentions,
    parts,
    derived,
    bringers: () => bringers,
    addRecord: (from, mapped) => records.add(from, plan.values(mapped)),
    addBrought,
    hasBrought: () => derived.size > 0 || [mentions, ...parts.values()].some((stage) => stage.count() > 0),
    async flush() {
      await records.flush();
      await mentions.flush();
      for (const stage of parts.values()) await stage.flush();
      for (const { stage } of derived.values()) await stage.flush();
      await bringers?.flush();
      await sending.arrived();
    },
    settled: sending.settled,
  };
}

/** Columns of the table that the dataset's records give. */
export function recordColumns(dataset: Dataset): string[] {
  const columns = Object.keys(dataset.fields).filter((name) => !name.includes('.'));
  if (dataset.rest !== undefined && !columns.includes(dataset.rest)) columns.push(dataset.rest);
  return columns;
}

/** A link dataset's records are mentions: its key columns, and the rest as attributes of the link. */
export function linkMention(dataset: Dataset, record: MappedRecord): Brought {
  const [owner, target] = dataset.key.map((column) => String(record.fields[column]));
  if (!isLinkDataset(dataset) || owner === undefined || target === undefined) return {};
  const attributes: MutableJsonObject = emptyObject();
  for (const [column, value] of Object.entries(record.fields))
    if (!dataset.key.includes(column) && value !== null) attributes[column] = value;
  const given = Object.keys(attributes).length > 0;
  return { references: [{ relation: dataset.table, owner, target, ...(given && { attributes }) }] };
}

type Place = (mapped: Mapped) => string | number | boolean | null;

/** How each staged column is taken from a mapped record: worked out once, run for every record. */
function columnPlaces(
  mapper: Mapper,
  columns: readonly string[],
  rest: string | undefined,
  types: Columns,
): (mapped: Mapped) => (string | number | boolean | null)[] {
  const entries = mapper.fieldNames
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => name.includes('.'))
    .map(({ name, index }) => ({ entry: name.slice(name.indexOf('.') + 1), index }));
  const places = columns.map((column): Place => {
    if (column === rest) return (mapped) => restText(mapped, entries);
    const index = mapper.fieldNames.indexOf(column);
    const json = types.get(column)?.type === 'jsonb';
    return (mapped) => columnValue(mapped.values[index] ?? null, json);
  });
  places.push((mapped) => (mapped.raw === null ? null : JSON.stringify(mapped.raw)));
  return (mapped) => places.map((place) => place(mapped));
}

function restText(mapped: Mapped, entries: readonly { entry: string; index: number }[]): string | null {
  for (const { entry, index } of entries) {
    const value = mapped.values[index];
    if (value === null || value === undefined) continue;
    mapped.rest ??= emptyObject();
    mapped.rest[entry] = value;
  }
  return mapped.rest === null ? null : JSON.stringify(mapped.rest);
}

function columnValue(value: FieldValue, json: boolean): string | number | boolean | null {
  if (value === null) return null;
  if (json || typeof value === 'object') return JSON.stringify(value);
  return value;
}

function rowValues(
  row: Readonly<Record<string, FieldValue>>,
  columns: readonly string[],
  types: Columns | undefined,
): (string | number | boolean | null)[] {
  return columns.map((column) => columnValue(row[column] ?? null, types?.get(column)?.type === 'jsonb'));
}

/** Who brings a row again is found by its record. */
const NOWHERE = { offset: 0, length: 0 };

const BRINGER_TABLE: Table = {
  columns: new Map([MARK, 'first'].map((name) => [name, { name, type: 'integer', default: null, required: false }])),
  checks: [],
};

/** The mentions' own types; everything else of them is text. */
const MENTION_TABLE: Table = {
  columns: new Map(
    [
      { name: 'attributes', type: 'jsonb', default: null, required: false },
      { name: 'authority', type: 'integer', default: null, required: false },
    ].map((column) => [column.name, column]),
  ),
  checks: [],
};

/** Columns that only staging tables have, or that not every table has. */
function withRaw({ columns, checks }: Table): Table {
  const added = [
    { name: 'origin_raw', type: 'jsonb', default: null, required: false },
    { name: RECORD_ORDINAL, type: 'integer', default: null, required: false },
    { name: MARK, type: 'integer', default: null, required: false },
  ];
  return { columns: new Map([...columns, ...added.map((column) => [column.name, column] as const)]), checks };
}
