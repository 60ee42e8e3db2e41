import { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Lets what is asked of a connection in this turn travel to the server in one write: each write of its own costs this
 * process as much as a small statement costs the server.
 */
export function inOneWrite(client: pg.PoolClient): void {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = typeof connection === 'object' && connection !== null && Reflect.get(connection, 'stream');
  if (!(stream instanceof Socket)) return;
  stream.cork();
  // After everything that promises bring along in this turn.
  process.nextTick(() => stream.uncork());
}
