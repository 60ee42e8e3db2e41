/** The driver's own parts of a connection, which its types leave out, and how one is ended whose other end may be gone. */
import type pg from 'pg';

export interface Wire {
  /** The server's process. */
  readonly pid: number;
  /** The statement under way; null where there is none. */
  readonly query: unknown;
  readonly stream: Stream;
}

interface Stream {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly destroyed: boolean;
  destroy(fault: Error): void;
}

/** A server that answers closes its end within milliseconds. */
const GOODBYE_MS = 500;

/** Undefined of a connection that was never made. */
export function wireOf(client: pg.ClientBase): Wire | undefined {
  const pid: unknown = Reflect.get(client, 'processID');
  const query: unknown = Reflect.get(client, '_activeQuery') ?? null;
  const stream = streamOf(client);
  return typeof pid === 'number' && stream !== undefined ? { pid, query, stream } : undefined;
}

/** Ends our end of a connection at once; what is under way on it fails as on one that was lost, for this reason. */
export function cutConnection(client: pg.ClientBase, reason: string): void {
  const fault = new Error(`Connection terminated: ${reason}`);
  streamOf(client)?.destroy(Object.assign(fault, { code: 'ECONNRESET' }));
}

/**
 * Ends a connection of its own, once it is `opened`. One whose server does not answer that either is cut: it would last for a
 * quarter of an hour.
 */
export async function endConnection(client: pg.Client, opened: Promise<unknown> = Promise.resolve()): Promise<void> {
  const late = setTimeout(() => cutConnection(client, 'the server did not close it'), GOODBYE_MS);
  try {
    // Whoever opened it hears of its failure.
    await opened.catch(() => undefined);
    await client.end();
  } finally {
    clearTimeout(late);
  }
}

function streamOf(client: pg.ClientBase): Stream | undefined {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null && Reflect.get(connection, 'stream');
  return isStream(stream) ? stream : undefined;
}

const isStream = (value: unknown): value is Stream =>
  typeof value === 'object' && value !== null && 'bytesRead' in value && 'destroy' in value;
