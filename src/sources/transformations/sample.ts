/** The first records of a file or of a source's item: what steps are tried on. */
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Query, readSession } from '../../database/session.ts';
import type { RawRecord } from '../../ingest/dataset.ts';
import { inspectFile } from '../../ingest/inspect.ts';
import { matchFile } from '../../ingest/match.ts';
import { fileFacts } from '../../ingest/read/source.ts';
import { readerOf } from '../../ingest/read-file.ts';
import type { Registry } from '../../ingest/registry.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { openConnector } from '../connections/connector-context.ts';
import { asShownError } from '../connections/shown-error.ts';
import { nameOf } from '../kit/paths.ts';
import { connectorOf } from '../registry.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { readSource, type SyncSource } from '../sync/source.ts';

const FETCH_MS = 30_000;
/** Of an item that is fetched for its first records. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The first `most` records of a file, read as the dataset that claims its path would.
 * @throws AppError of kind `data` where it cannot be read
 */
export async function sampleOfFile(
  registry: Registry,
  file: string,
  path: string,
  most: number,
  datasetName?: string,
): Promise<RawRecord[]> {
  const found = matchFile(registry, fileFacts(path, new Date(0)), datasetName);
  const pattern = 'match' in found ? found.match.pattern : { pattern: '**' };
  const inspected = await inspectFile(file, path);
  const reader = readerOf(pattern, inspected.facts);
  const { records, sheet, numbered, table } = pattern;
  const encoding = reader.isText ? inspected.encoding() : 'utf-8';
  const sample: RawRecord[] = [];
  for await (const batch of reader.read(inspected, { encoding, records, sheet, numbered, table })) {
    sample.push(...batch.slice(0, most - sample.length));
    if (sample.length >= most) break;
  }
  return sample;
}

interface ItemLine {
  readonly source_id: string;
  readonly external_id: string;
  readonly external_path: string | null;
  readonly name: string;
  readonly item_type: 'file' | 'folder' | 'native' | 'shortcut' | 'message' | 'page';
  readonly media_type: string | null;
}

export interface ItemSample {
  readonly sourceId: string;
  readonly path: string;
  readonly records: readonly RawRecord[];
}

async function findItem(
  query: Query,
  itemId: string,
): Promise<{ readonly item: ItemLine; readonly source: SyncSource }> {
  const [item] = await query<ItemLine & Record<string, unknown>>(
    'item of a sample',
    'SELECT source_id, external_id, external_path, name, item_type, media_type FROM sync_items WHERE id::text = $1',
    [itemId],
  );
  const source = item && (await readSource(query, item.source_id));
  if (item !== undefined && source !== undefined) return { item, source };
  throw new AppError('NOT_FOUND', 'There is no item with this id', { path: 'itemId' });
}

/**
 * The first `most` records of an item, fetched from its place.
 * @throws AppError NOT_FOUND, NEEDS_REAUTH, SOURCE_UNAVAILABLE, FILE_TOO_LARGE; what its reader throws
 */
export async function sampleOfItem(
  house: SourcesHouse,
  actor: Actor,
  registry: Registry,
  itemId: string,
  most: number,
): Promise<ItemSample> {
  // Read and let go: no snapshot stays open while the place answers.
  const { item, source } = await readSession(house.database.read, actor, (query) => findItem(query, itemId));
  const path = item.external_path ?? item.name;
  const connector = connectorOf(await house.connectors(), source.source_type);
  const folder = join(house.dataDir, 'spool');
  const spooled = join(folder, `sample-${uuidv7()}`);
  const signal = AbortSignal.timeout(FETCH_MS);
  try {
    const context = await openConnector(house, source, connector, signal);
    const ref = { id: item.external_id, path, kind: item.item_type, mediaType: item.media_type ?? undefined };
    const { body, name, file } = await connector.download(ref, {}, context);
    const kept = name === undefined ? path : path.slice(0, path.length - nameOf(path).length) + name;
    if (file !== undefined) {
      await body.cancel();
      return { sourceId: item.source_id, path, records: await sampleOfFile(registry, file, kept, most) };
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await pipeline(limited(body), createWriteStream(spooled, { mode: 0o600 }), { signal });
    return { sourceId: item.source_id, path, records: await sampleOfFile(registry, spooled, kept, most) };
  } catch (thrown) {
    throw asShownError(thrown);
  } finally {
    await rm(spooled, { force: true });
  }
}

async function* limited(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES)
      throw new AppError('FILE_TOO_LARGE', 'The item is too large to be tried on', {
        hint: 'Give some of its records instead.',
      });
    yield chunk;
  }
}
