/**
 * Where connections come in: several sockets that listen at one address, among which the system shares them out. Node accepts
 * one connection of a socket in each round of its event loop. With one socket alone, whoever opens a hundred a second to a server
 * whose rounds take long fills what waits there: others' connections are dropped, and tried again after up to a minute.
 */
import type { Server } from 'node:http';
import { createServer, type Server as Door, type ListenOptions, type Socket } from 'node:net';
import { AppError } from '../kernel/errors.ts';

/** Only Linux shares connections out among sockets. */
const DOORS = process.platform === 'linux' ? 16 : 1;

/** Accepts nothing more; resolves when every connection has ended. */
export type CloseDoors = () => Promise<void>;

/**
 * Opens them for `server`, which is one of them.
 * @throws what the system says of an address that cannot be had, `EADDRINUSE` also where another program shares its own out
 */
export async function openDoors(server: Server, host: string, port: number): Promise<CloseDoors> {
  if (DOORS === 1 || port === 0) return openAll(server, host, port);
  const alone = await openAlone(host, port);
  try {
    // Sockets that share a port share it with any program of the same user: one that does not share finds whether it is taken.
    await shut(await open(createServer(), { host, port }));
    return await openAll(server, host, port);
  } finally {
    if (alone !== undefined) await shut(alone);
  }
}

/**
 * The port that `server` listens on.
 * @throws AppError INTERNAL where it listens on none
 */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new AppError('INTERNAL', 'The server listens on no port');
  return address.port;
}

/**
 * Two that open the same port in the same moment would both find it free, and share it: the name of this socket is one's alone,
 * and gone with its process. Undefined where the system has no such names.
 */
async function openAlone(host: string, port: number): Promise<Door | undefined> {
  try {
    return await open(createServer(), { path: `\0cairn ${host}:${port}` });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE') throw thrown;
    return undefined;
  }
}

async function openAll(server: Server, host: string, port: number): Promise<CloseDoors> {
  const doors: Door[] = [];
  const close = async (): Promise<void> => void (await Promise.all(doors.map(shut)));
  const add = async (door: Door, at: number): Promise<void> => {
    doors.push(await open(door, { host, port: at, reusePort: DOORS > 1 }));
  };
  try {
    await add(server, port);
    const opened = portOf(server);
    const pass = (socket: Socket): void => void server.emit('connection', socket);
    // As an HTTP server's own connections are.
    while (doors.length < DOORS) await add(createServer({ allowHalfOpen: true, noDelay: true }, pass), opened);
    return close;
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function open(door: Door, address: ListenOptions): Promise<Door> {
  const opened = Promise.withResolvers<void>();
  // For good: a connection that the system could not hand over is its client's loss, and unheard it would end this process.
  door.on('error', opened.reject);
  door.listen(address, opened.resolve);
  await opened.promise;
  return door;
}

const shut = (door: Door): Promise<void> => new Promise((resolve) => void door.close(() => resolve()));
