/** The server under load, as `npm start` runs it, and what it says of its memory. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { type ServerProcess, startServerProcess } from '../clients/server-process.ts';

export interface LoadedServer extends ServerProcess {
  /** Megabytes of the heap that are still held after its garbage was collected. */
  readonly heldHeap: () => Promise<number>;
}

const MEGABYTE = 1024 ** 2;
const PATIENCE_MS = 30_000;

/** Starts it on `dataDir`; `env` adds settings. Whoever starts it stops it. */
export async function startLoadedServer(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<LoadedServer> {
  const file = join(dataDir, '..', 'memory.json');
  const teller = join(import.meta.dirname, 'memory-teller.ts');
  const server = await startServerProcess(
    ['--expose-gc', '--import', teller, join(PROJECT_ROOT, 'src', 'main.ts'), 'serve'],
    { CAIRN_DATA_DIR: dataDir, LOAD_MEMORY_FILE: file, PORT: '0', ...env },
  );
  return {
    ...server,
    heldHeap: async () => {
      await rm(file, { force: true });
      if (server.pid !== undefined) process.kill(server.pid, 'SIGUSR2');
      for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(50)) {
        const text = await readFile(file, 'utf8').catch(() => undefined);
        if (text !== undefined) return heapIn(JSON.parse(text)) / MEGABYTE;
      }
      throw new Error('The server did not say how much memory it holds');
    },
  };
}

function heapIn(usage: unknown): number {
  const heap: unknown = typeof usage === 'object' && usage !== null ? Reflect.get(usage, 'heapUsed') : undefined;
  if (typeof heap === 'number') return heap;
  throw new Error('The server said nothing of its heap');
}
