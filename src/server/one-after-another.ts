/** A connection's requests are answered one after the other, also of a client that sends hundreds before it reads an answer. */
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The listener, which hears of a request when those before it on its connection are answered: their answers come first. */
export function oneAfterAnother(listener: RequestListener): RequestListener {
  const latest = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const before = latest.get(request.socket);
    latest.set(request.socket, response);
    // A connection that waits for its next request must not keep the last one's body, of up to ten megabytes.
    response.once('close', () => {
      if (latest.get(request.socket) === response) latest.delete(request.socket);
    });
    if (before === undefined || before.closed) return listener(request, response);
    before.once('close', () => {
      // With the connection goes what was never begun.
      if (!response.destroyed && !request.socket.destroyed) listener(request, response);
    });
  };
}
