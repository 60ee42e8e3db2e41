/** The TCP side: listening, its limits, and a stop that lets what runs finish. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../kernel/errors.ts';

export interface Listening {
  /** `http://127.0.0.1:4000`, with the port that was really opened. */
  readonly url: string;
  /** Accepts nothing more, waits up to `grace` milliseconds for open requests, then cuts them. */
  readonly close: (grace: number) => Promise<void>;
}

/**
 * Opens the port.
 * @throws AppError PORT_IN_USE, CONFIG_INVALID for a host that is not this machine's
 */
export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(
    // A gigabyte may take its time to arrive; bodies that stand still are cut by their readers.
    { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 600_000, keepAliveTimeout: 5_000 },
    listener,
  );
  server.maxConnections = 2_000;
  const opened = Promise.withResolvers<void>();
  server.once('error', opened.reject);
  server.listen({ host, port }, opened.resolve);
  try {
    await opened.promise;
  } catch (cause) {
    throw asListenError(cause, host, port);
  }
  return { url: urlOf(server, host), close: (grace) => close(server, grace) };
}

/** Hosts that mean all addresses of this machine, and the one to open in its browser. */
const EVERY_ADDRESS = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

function urlOf(server: Server, host: string): string {
  const address = server.address() as AddressInfo;
  const reachable = EVERY_ADDRESS.get(host) ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${address.port}`;
}

async function close(server: Server, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}

function asListenError(cause: unknown, host: string, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new AppError('PORT_IN_USE', `Port ${port} is used by another program`, {
      cause,
      hint: 'Stop that program, or set PORT to another number.',
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
    return new AppError('CONFIG_INVALID', `The server cannot listen on ${host}:${port} (${code})`, {
      cause,
      hint: 'Set HOST to an address of this machine and PORT to one above 1023.',
    });
  }
  return cause;
}
