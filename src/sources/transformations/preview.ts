/** What transformations make of a sample, before anything is saved or imported. */
import type { GraphqlContext } from '../../graphql/context.ts';
import { askedFile, type FileInput } from '../../ingest/asked-file.ts';
import type { RawRecord } from '../../ingest/dataset.ts';
import { importerSlot } from '../../ingest/importer-slot.ts';
import type { RecordTransform } from '../../ingest/transform/transform.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { noSource } from '../lock-source.ts';
import { sourcesSlot } from '../sources-house.ts';
import { readSource } from '../sync/source.ts';
import { transformOf } from './compiled.ts';
import { sampleOfFile, sampleOfItem } from './sample.ts';
import { checkedSteps, refused } from './transformation-input.ts';
import { transformationsOf } from './transformations.read.ts';
import { asRaw, MOST_TRIED, type Tried, tryTransform } from './try-steps.ts';

/** What to try, and on what: exactly one of `records`, an item, or a file. */
export interface AskedPreview extends FileInput {
  /** Those to be tried; the active ones of the source unless given. */
  readonly steps?: unknown;
  readonly sourceId?: string | null | undefined;
  readonly records?: readonly JsonValue[] | null | undefined;
  readonly itemId?: string | null | undefined;
  readonly dataset?: string | null | undefined;
  readonly first?: number | null | undefined;
}

const DEFAULT_TRIED = 20;

/** @throws AppError BAD_USER_INPUT, NOT_FOUND, LIMIT_EXCEEDED that names the step */
export async function previewTransformation(context: GraphqlContext, asked: AskedPreview): Promise<Tried> {
  const most = asked.first ?? DEFAULT_TRIED;
  if (!Number.isInteger(most) || most < 1 || most > MOST_TRIED) throw refused('first', `is 1 to ${MOST_TRIED}`);
  const given = [asked.records, asked.itemId, asked.path ?? asked.file].filter((one) => one != null);
  if (given.length !== 1) throw refused('records', 'or `itemId`, or `path`, or a file: give one sample');
  const steps = asked.steps == null ? undefined : await checkedSteps('these steps', asked.steps);
  const { sourceId, path, records } = await sampleOf(context, asked, most);
  const transform =
    steps === undefined
      ? await ofSource(context, asked.sourceId ?? sourceId, path)
      : await transformOf([{ name: 'these steps', steps }]);
  return tryTransform(transform, records);
}

interface Sample {
  readonly sourceId?: string;
  readonly path: string;
  readonly records: readonly RawRecord[];
}

async function sampleOf(context: GraphqlContext, asked: AskedPreview, most: number): Promise<Sample> {
  if (asked.records != null) return { path: asked.path ?? '', records: asRaw(asked.records).slice(0, most) };
  const { ingest, importRoots } = importerSlot.get(context);
  if (asked.itemId != null) return sampleOfItem(sourcesSlot.get(context), context.actor, ingest, asked.itemId, most);
  const found = await askedFile(asked, importRoots);
  try {
    const records = await sampleOfFile(ingest, found.file, found.path, most, asked.dataset ?? undefined);
    return { path: found.path, records };
  } finally {
    await found.release();
  }
}

async function ofSource(
  { reads }: GraphqlContext,
  sourceId: string | undefined,
  path: string,
): Promise<RecordTransform | undefined> {
  if (sourceId === undefined) throw refused('steps', 'or `sourceId`: say what to try');
  if (!/^[\da-f-]{36}$/i.test(sourceId) || (await readSource(reads.query, sourceId)) === undefined) throw noSource();
  return transformationsOf(reads.query, sourceId, path);
}
