/** The TCP side: listening, its limits, and a stop that lets what runs finish. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../kernel/errors.ts';
import { type CloseDoors, openDoors, portOf } from './doors.ts';

export interface Listening {
  /** `http://127.0.0.1:4000`, with the port that was really opened. */
  readonly url: string;
  /** Accepts nothing more, waits up to `grace` milliseconds for open requests, then cuts them. */
  readonly close: (grace: number) => Promise<void>;
}

export interface ConnectionLimits {
  /** Bytes of all headers together. */
  readonly headerSize: number;
  /** Milliseconds until the headers are there. */
  readonly headersTime: number;
  /** Milliseconds until the whole request is: a gigabyte may take its time; bodies that stand still are cut by their readers. */
  readonly requestTime: number;
  /** How often connections are looked at: a limit of time is exceeded by so much at most. */
  readonly checkInterval: number;
  /** Connections at once; one more is closed unheard. */
  readonly connections: number;
}

const CONNECTION_LIMITS: ConnectionLimits = {
  headerSize: 16_384,
  headersTime: 10_000,
  requestTime: 600_000,
  checkInterval: 2_000,
  connections: 2_000,
};

/**
 * Opens the port.
 * @throws AppError PORT_IN_USE, CONFIG_INVALID for a host that is not this machine's
 */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  limits: ConnectionLimits = CONNECTION_LIMITS,
): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: limits.headerSize,
      headersTimeout: limits.headersTime,
      requestTimeout: limits.requestTime,
      connectionsCheckingInterval: limits.checkInterval,
      // Longer than proxies and clients keep theirs (a minute): who closes first resets a request that is on its way.
      keepAliveTimeout: 65_000,
    },
    listener,
  );
  limitConnections(server, limits.connections);
  const silent = watchSilent(server);
  try {
    const closeDoors = await openDoors(server, host, port);
    return { url: urlOf(server, host), close: (grace) => close(server, closeDoors, silent, grace) };
  } catch (cause) {
    throw asListenError(cause, host, port);
  }
}

/** Of all doors together: each knows its own alone. */
function limitConnections(server: Server, most: number): void {
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    if (open > most) socket.destroy();
  });
}

/** Hosts that mean all addresses of this machine, and the one to open in its browser. */
const EVERY_ADDRESS = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

function urlOf(server: Server, host: string): string {
  const reachable = EVERY_ADDRESS.get(host) ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${portOf(server)}`;
}

const SWEEP_MS = 50;

/** Connections that no request has come by: clients open some ahead, and Node does not count them as idle. */
function watchSilent(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

async function close(
  server: Server,
  closeDoors: CloseDoors,
  silent: ReadonlySet<Socket>,
  grace: number,
): Promise<void> {
  const closed = closeDoors();
  // Half of a request is one: the rest of it may come yet.
  for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
  // Again and again: a connection whose answer has just ended is kept alive for the next request, which will not come.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearInterval(sweep);
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
