/**
 * Syncs one large file from a place that streams it, and prints the outcome and its own peak of memory as JSON:
 * `sync-process.ts OWNER_URL API_URL FOLDER MEGABYTES`.
 */
import pg from 'pg';
import { Type } from 'typebox';
import { closePools, openPools } from '../../src/database/pools.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { defineConnector } from '../../src/sources/connector.ts';
import { addPlace } from './place.ts';

const [ownerUrl = '', apiUrl = '', folder = '', megabytes = '1'] = process.argv.slice(2);
const CHUNK = 256 * 1024;
const size = Number(megabytes) * 1024 * 1024;
const LINE = `${'words that nobody reads '.repeat(5)}\n`;
const chunk = Buffer.from(LINE.repeat(Math.ceil(CHUNK / LINE.length)).slice(0, CHUNK));

/** Of no kind that is known by its name: it has to be fetched to be known. */
const item = { id: 'one', kind: 'file', name: 'recording', path: 'recording', version: '1', hasContent: true } as const;

function body(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream(
    {
      pull: (controller) => {
        if (sent >= size) return controller.close();
        sent += chunk.length;
        controller.enqueue(new Uint8Array(chunk));
      },
    },
    { highWaterMark: 0 },
  );
}

const connector = defineConnector({
  ...{ id: 'streaming', title: 'Streaming', description: 'One large file.', settings: Type.Object({}) },
  capabilities: {
    ...{ changes: 'listing', deletes: 'sweep', rename: 'delete-create', notify: 'none', hash: [] },
    ...{ rangeDownload: false, write: false },
  },
  check: async () => ({ accountId: 'bench' }),
  async *listChanges() {
    yield { type: 'upsert', item };
    yield { type: 'complete', cursor: 'end', coverage: 'full' };
  },
  download: async () => ({ body: body(), size }),
});

const log = silentLog();
const pools = openPools(apiUrl, log);
const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
const database = { ...pools, ownerUrl, apiUrl, applied: [], close: async () => undefined };
const ingest = { ...(await loadRegistry()), database, log };
const house = { ingest, owner, limit: owner, limitUrl: ownerUrl, folder, versions: {} };
const result = await (await addPlace(house, folder, connector, {})).sync();
await owner.end();
await closePools(pools);
// Kilobytes, as the system counted them over the whole life of the process.
process.stdout.write(JSON.stringify({ ...result, peakMb: process.resourceUsage().maxRSS / 1024 }));
