/** A loopback port in front of a PostgreSQL, whose connections can be cut in the ways that networks cut them. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Ends every open connection. New ones are let through. */
  readonly drop: () => void;
  /** Open connections stay open and carry nothing any more, in either direction. New ones are let through. */
  readonly stall: () => void;
  /** The connection that sends the nth COMMIT is reset: once the server has answered it, or in the moment it is passed on. */
  readonly resetAtCommit: (nth: number, when: 'answered' | 'sent') => void;
  /** How many COMMITs went through. */
  readonly commits: () => number;
  /** Ends every connection at both ends, also those that one end has left while they were stalled. */
  readonly close: () => Promise<void>;
}

/** The whole of a simple query message. */
const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1');

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  stalled: boolean;
}

export async function openProxy(host: string, to: number): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let reset: { nth: number; when: 'answered' | 'sent' } | undefined;
  let commits = 0;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host, port: to, noDelay: true });
    const pair: Pair = { near, far, stalled: false };
    pairs.add(pair);
    let isCut = false;
    near.on('data', (chunk: Buffer) => {
      if (pair.stalled) return;
      if (chunk.includes(COMMIT)) {
        commits += 1;
        isCut = commits === reset?.nth;
      }
      far.write(chunk);
      // The server has the message by now or will have it in a moment: whether it commits first is the case's dice.
      if (isCut && reset?.when === 'sent') setImmediate(() => cut(pair));
    });
    far.on('data', (chunk: Buffer) => {
      if (isCut) cut(pair);
      else if (!pair.stalled) near.write(chunk);
    });
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('close', () => {
        if (!pair.stalled) other.destroy();
        // One that is stalled is still to be ended: a server waits a minute for a password, and DROP DATABASE, of any, waits for that.
        if (other.destroyed) pairs.delete(pair);
      });
    }
  });
  const cut = ({ near, far }: Pair): void => {
    near.resetAndDestroy();
    far.resetAndDestroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A proxy has no port');
  return {
    port: address.port,
    drop: () => {
      for (const pair of [...pairs]) cut(pair);
    },
    stall: () => {
      for (const pair of pairs) pair.stalled = true;
    },
    commits: () => commits,
    resetAtCommit: (nth, when) => {
      reset = { nth, when };
    },
    close: async () => {
      for (const { near, far } of [...pairs]) {
        near.destroy();
        far.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
