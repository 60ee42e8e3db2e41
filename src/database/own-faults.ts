/** Which failures are the database's: a socket's codes are the same whichever server was at its other end. */
import { EventEmitter } from 'node:events';
import pg from 'pg';
import { isLostConnection } from './errors.ts';

/** What sockets of the pools' connections failed with. */
const met = new WeakSet<Error>();

/** The pools' connections: what their sockets fail with is known again, wherever it is caught. */
export class OwnClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const connection: unknown = Reflect.get(this, 'connection');
    // Also of a connection that is never made, and of one within TLS.
    if (connection instanceof EventEmitter) connection.on('error', (error: Error) => met.add(error));
  }
}

/** Whether an error, or what caused it, is what the server said or how a connection of the pools ended. */
export function isOfDatabase(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1)
    if (error instanceof pg.DatabaseError || met.has(error) || isLostConnection(error)) return true;
  return false;
}
