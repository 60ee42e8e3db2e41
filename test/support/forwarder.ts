/** A port that leads to another until it is cut: how a database goes away without being stopped for the other tests. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface Forwarder {
  readonly port: number;
  /** Breaks every connection and refuses new ones. */
  readonly cut: () => Promise<void>;
  /** Forwards again. */
  readonly mend: () => Promise<void>;
}

/** Forwards a free port of the loopback to `host`:`port`. Whoever opens it cuts it at the end. */
export async function openForwarder(host: string, port: number): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => void server.listen({ host: '127.0.0.1', port: at }, resolve));
  await listen(0);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    cut: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: () => listen(address.port),
  };
}
