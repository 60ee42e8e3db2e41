/**
 * Exports the videos, and counts what comes: `export-process.ts DATABASE_URL FORMAT` as the product does it, or with a third
 * argument that statement through the same driver. Prints bytes, seconds and its own peak of memory as JSON.
 */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { closePools, openPools } from '../../src/database/pools.ts';
import { loadCatalogue } from '../../src/exports/catalogue.ts';
import { createExporter, exporterSlot } from '../../src/exports/exporter.ts';
import { checkedRequest } from '../../src/exports/request.ts';
import { exportInto } from '../../src/exports/stream.ts';
import { createContext } from '../../src/graphql/context.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';

const [url = '', format = 'csv', statement] = process.argv.slice(2);
let bytes = 0;
const sink = (): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      done();
    },
  });

async function bare(sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SET timezone = 'UTC'");
  const began = performance.now();
  await pipeline(client.query(copyTo(sql)), sink());
  const took = performance.now() - began;
  await client.end();
  return took;
}

async function product(): Promise<number> {
  const log = silentLog();
  const pools = openPools(url, log);
  const database = { ...pools, ownerUrl: url, apiUrl: url, applied: [], close: async () => undefined };
  const registry = await loadRegistry();
  const exporter = createExporter(
    () => loadCatalogue(registry),
    // As by command: all rows need none.
    async () => (await import('../../src/server/schema.ts')).loadSchema(),
  );
  await exporter.catalogue();
  const actor = { kind: 'command', label: 'command:bench', role: 'admin' } as const;
  const context = createContext({ actor, requestId: 'bench', log, database });
  exporterSlot.set(context, exporter);
  const exportAll = async (source: string): Promise<void> => {
    const write = async (piece: Uint8Array): Promise<void> => {
      bytes += piece.length;
    };
    await exportInto(context, checkedRequest(source, format, {}), { write }, { signal: new AbortController().signal });
  };
  // As in a server: its code is loaded and its connections are open, as the other's is.
  await exportAll('employees');
  bytes = 0;
  const began = performance.now();
  await exportAll('videos');
  const took = performance.now() - began;
  await closePools(pools);
  return took;
}

const took = statement === undefined ? await product() : await bare(statement);
// Kilobytes, as the system counted them over the whole life of the process.
const peakMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ bytes, seconds: took / 1000, peakMb }));
