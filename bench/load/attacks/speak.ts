/** A connection that sends what it is told, byte by byte, as no HTTP client would. */
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Field, Outcome } from './attack.ts';

export interface Manner {
  /** Milliseconds between two parts. */
  readonly everyMs?: number;
  /** Whether the answer is left where it is: the server has to keep it. */
  readonly isDeaf?: boolean;
}

/** A request's first lines, with their end. */
export const head = (line: string, headers: readonly string[]): string =>
  `${[`${line} HTTP/1.1`, 'host: x', ...headers].join('\r\n')}\r\n\r\n`;

/** Sends the parts and waits: for an answer, for the connection's end, or until the time is up. */
export async function speak(
  field: Field,
  parts: readonly string[],
  { everyMs = 0, isDeaf = false }: Manner,
): Promise<Outcome> {
  const { hostname, port } = new URL(field.url);
  const socket = createConnection(Number(port), hostname);
  const outcome = Promise.withResolvers<Outcome>();
  const leave = (): void => outcome.resolve('left');
  field.signal.addEventListener('abort', leave, { once: true });
  if (isDeaf) socket.pause();
  else {
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += received.length < 100 ? text : '';
      const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
      if (status !== undefined) outcome.resolve(Number(status));
    });
  }
  socket.once('error', () => outcome.resolve('closed'));
  socket.once('close', () => outcome.resolve('closed'));
  const send = async (): Promise<void> => {
    for (const part of parts) {
      if (socket.destroyed) return;
      socket.write(part);
      if (everyMs > 0) await sleep(everyMs);
    }
  };
  void send();
  try {
    return await outcome.promise;
  } finally {
    field.signal.removeEventListener('abort', leave);
    socket.destroy();
  }
}
