/** Reads the items that wait, page by page: while one page is written, the next is fetched. */
import type { ConnectorError } from '../connector.ts';
import type { Claims } from './claims.ts';
import { type PendingItem, readPending, readyPending } from './pending.ts';
import { type Prepared, preparer } from './prepare-item.ts';
import type { SyncRun } from './run.ts';
import { settlePage } from './settle-page.ts';
import { tidySpool } from './spool-file.ts';

const PAGE = 200;
/** Bytes that two pages may hold on this disk, beside their largest items. */
const PAGE_BYTES = 128 * 1024 * 1024;
/** Of a place that does not tell sizes. */
const UNKNOWN_BYTES = 1024 * 1024;
/** Fetched at once. */
const SIDE_BY_SIDE = 4;

/** @throws ConnectorError for faults of the whole place; AppError */
export async function readItems(run: SyncRun, claims: Claims): Promise<void> {
  const total = await run.write(async ({ query }) => ({ result: await readyPending(query, run) }));
  if (total === 0) return;
  const prepare = preparer(run, claims);
  const next = async (
    after: bigint,
  ): Promise<{ readonly items: readonly PendingItem[]; readonly fetching: Promise<Prepared[]> }> => {
    const found = await run.write(async ({ query }) => ({ result: await readPending(query, run, after, PAGE) }));
    const items = withinBytes(found);
    const fetching = inTurns(items, prepare);
    // Whoever waits for it hears of it.
    fetching.catch(() => undefined);
    return { items, fetching };
  };
  let done = 0;
  let page = await next(0n);
  while (page.items.length > 0) {
    run.job.signal.throwIfAborted();
    const prepared = await page.fetching;
    const fault = faultOfPlace(prepared);
    if (fault !== undefined) {
      await settlePage(run, prepared);
      throw fault;
    }
    const following = await next(page.items.at(-1)?.id ?? 0n);
    try {
      await settlePage(run, prepared);
    } finally {
      // Nothing may be fetched for a run that is over.
      await following.fetching.catch(() => undefined);
    }
    done += page.items.length;
    run.tell('reading', done, total);
    page = following;
  }
  await tidySpool(run.spool);
}

function withinBytes(items: readonly PendingItem[]): readonly PendingItem[] {
  let bytes = 0;
  const over = items.findIndex(({ size }, place) => {
    bytes += size === null ? UNKNOWN_BYTES : Number(size);
    return place > 0 && bytes > PAGE_BYTES;
  });
  return over === -1 ? items : items.slice(0, over);
}

/** After which the place is asked for nothing more. */
const faultOfPlace = (page: readonly Prepared[]): ConnectorError | undefined =>
  page.map(({ found }) => (found.is === 'failed' && found.isOfPlace ? found.error : undefined)).find(Boolean);

/** In their order; once one fails or the place is at fault, none is begun any more. */
async function inTurns(
  items: readonly PendingItem[],
  work: (item: PendingItem) => Promise<Prepared>,
): Promise<Prepared[]> {
  const prepared: Prepared[] = new Array(items.length);
  const waiting = items.entries();
  let isOver = false;
  const turn = async (): Promise<void> => {
    for (const [place, item] of waiting) {
      if (isOver) return;
      try {
        const one = await work(item);
        prepared[place] = one;
        if (one.found.is === 'failed' && one.found.isOfPlace) isOver = true;
      } catch (thrown) {
        isOver = true;
        throw thrown;
      }
    }
  };
  const turns = Array.from({ length: SIDE_BY_SIDE }, turn);
  const ended = await Promise.allSettled(turns);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  // Without the holes of those that were not begun.
  return prepared.filter(() => true);
}
