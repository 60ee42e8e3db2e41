/** A small file, read and checked in memory: what it will stage is known before anything of it is sent. */
import type pg from 'pg';
import type { Brought, Dataset } from './dataset.ts';
import type { ImportRequest } from './import-file.ts';
import type { Candidate } from './journal-many.ts';
import type { Mapped, Mapper } from './map.ts';
import { readerOf, readFile } from './read-file.ts';
import type { Registry } from './registry.ts';
import { openRejects } from './rejects.ts';
import { isLinkDataset, type Relation } from './relations.ts';
import { openSending } from './sending.ts';
import { type Shared, shapeOf } from './shared.ts';
import { type StageShape, stagedLine } from './stage.ts';
import { planRecords, type RecordPlan, type Stages, stagesIn } from './stages.ts';
import { mapperOf } from './take-in.ts';
import { openTransforming } from './transform/transform.ts';

/** The lines of one staging table. */
export interface StagedLines extends StageShape {
  /** As COPY takes them, the import's id first. */
  readonly lines: string[];
}

/** What a small file holds. */
export interface SmallContents {
  /** By the staging table's name. */
  readonly staged: ReadonlyMap<string, StagedLines>;
  /** Of its records, one text each. */
  readonly keys: ReadonlySet<string>;
  /** Whether its records bring mentions or parts. */
  readonly brings: boolean;
  /** As the rejects take them. */
  readonly rejects: readonly string[];
  readonly read: number;
  readonly rejected: number;
  readonly notes: Readonly<Record<string, unknown>>;
}

export interface SmallFile extends Candidate {
  readonly request: ImportRequest;
  /** Undefined where the file must go in alone: it cannot be read, or speaks of more than rows of its own. */
  readonly contents: SmallContents | undefined;
}

/** What is worked out once for all files of a folder. */
export interface SmallHouse extends Pick<Shared, 'tables'> {
  readonly ways: Map<Dataset, RecordWay>;
}

/** A record's way from its file to the staging table. */
interface RecordWay {
  readonly mapper: Mapper;
  readonly plan: RecordPlan;
}

export function openSmallHouse(): SmallHouse {
  return { tables: new Map(), ways: new Map() };
}

/** Reads and checks the file; one at a time of a house. */
export async function readSmall(
  pool: pg.Pool,
  registry: Registry,
  candidate: Candidate & { readonly request: ImportRequest },
  house: SmallHouse,
): Promise<SmallFile> {
  // Whoever takes it in alone finds the fault again and tells of it.
  const contents = await contentsOf(pool, registry, candidate, house).catch(() => undefined);
  return { ...candidate, contents };
}

async function contentsOf(
  pool: pg.Pool,
  registry: Registry,
  { importId, match, file, request }: Candidate & { readonly request: ImportRequest },
  house: SmallHouse,
): Promise<SmallContents | undefined> {
  const { dataset, pattern } = match;
  const reader = readerOf(pattern, file.facts);
  if (pattern.exported === true || file.bytes === undefined || !reader.isText) return undefined;
  if (isLinkDataset(dataset) || mentionsItself(registry, dataset)) return undefined;
  const encoding = file.encoding();
  const way = house.ways.get(dataset) ?? (await openWay(pool, dataset, house));
  house.ways.set(dataset, way);
  const { mapper, plan } = way;
  mapper.forget();
  const staged = new Map<string, StagedLines>();
  const rejects: string[] = [];
  const keep = async (lines: readonly string[]): Promise<void> => void rejects.push(...lines);
  const writer = openRejects(keep, importId, dataset.name, file, encoding);
  const inMemory = await stagesIn(dataset, plan, {
    create: async (shape) => stageInMemory(shape, importId, staged),
    shapeOf: (name) => shapeOf(pool, name, house),
    sending: openSending(),
  });
  const { stages, keys, isPlain } = watchedStages(inMemory, registry, dataset, mapper);
  const progress = { bytes: () => undefined, records: () => undefined, stop: async () => undefined };
  const transforming = request.transform && openTransforming(request.transform);
  const pass = { dataset, pattern, file, encoding, mapper, stages, rejects: writer, progress, transforming };
  const read = await readFile(pass);
  await writer.flush();
  if (!isPlain()) return undefined;
  return {
    staged,
    keys,
    brings: stages.hasBrought(),
    rejects,
    read,
    rejected: writer.count(),
    notes: {
      encoding,
      ...transforming?.notes(),
      ...(mapper.unknown.size > 0 && { unknownNames: [...mapper.unknown].sort() }),
    },
  };
}

async function openWay(pool: pg.Pool, dataset: Dataset, house: SmallHouse): Promise<RecordWay> {
  const table = await shapeOf(pool, dataset.table, house);
  const mapper = mapperOf(dataset, table);
  return { mapper, plan: planRecords(dataset, mapper, table) };
}

/** A row of one file may be what another's mentions: those must come one after the other. */
function mentionsItself({ relations }: Registry, { table }: Dataset): boolean {
  return relations.some(({ owner, target }) => owner.table === table && target.table === table);
}

function stageInMemory(shape: StageShape, importId: string, staged: Map<string, StagedLines>) {
  const lines: string[] = [];
  staged.set(shape.name, { ...shape, lines });
  return {
    name: shape.name,
    columns: shape.columns,
    add: (...row: Parameters<typeof stagedLine>) => void lines.push(`${importId}\t${stagedLine(...row)}`),
    count: () => lines.length,
    flush: async () => undefined,
  };
}

/** The same stages, and whether each record speaks of its own row alone, and each row is spoken of once. */
function watchedStages(inner: Stages, { relations }: Registry, { table, key }: Dataset, { fieldNames }: Mapper) {
  const places = key.map((column) => fieldNames.indexOf(column));
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  const keys = new Set<string>();
  let isPlain = true;
  const stages: Stages = {
    ...inner,
    addRecord(from, mapped) {
      const text = keyText(mapped, places);
      if (keys.has(text)) isPlain = false;
      keys.add(text);
      return inner.addRecord(from, mapped);
    },
    addBrought(from, own, brought) {
      if (isPlain && isOwn(brought, own, table, byName)) return inner.addBrought(from, own, brought);
      isPlain = false;
      return Promise.resolve();
    },
  };
  return { stages, keys, isPlain: () => isPlain };
}

function keyText({ values }: Mapped, places: readonly number[]): string {
  return JSON.stringify(places.map((place) => values[place]));
}

/** Whether all that a record brings belongs to its own row, `own` of `table`. */
function isOwn(
  { references = [], derived = [] }: Brought,
  own: string,
  table: string,
  relations: ReadonlyMap<string, Relation>,
): boolean {
  if (derived.length > 0) return false;
  return references.every(({ relation, owner }) => owner === own && relations.get(relation)?.owner.table === table);
}
