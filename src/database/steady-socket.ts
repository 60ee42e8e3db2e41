/**
 * A socket that reads into one piece of memory. Node's own makes a new piece for every read, and of those V8 collects none
 * before it counts 64 MB of them: an export's memory would be mostly what it had sent long ago.
 */
import { Socket } from 'node:net';

const READ_BYTES = 64 * 1024;

export class SteadySocket extends Socket {
  /** Who takes what comes, as it comes: the bytes are theirs for the call only. Listeners hear of them unless there is one. */
  taker: ((bytes: Buffer) => void) | undefined;

  constructor() {
    const memory = Buffer.allocUnsafeSlow(READ_BYTES);
    super({ onread: { buffer: memory, callback: (size) => this.#came(memory.subarray(0, size)) } });
  }

  #came(bytes: Buffer): boolean {
    if (this.taker !== undefined) this.taker(bytes);
    // The driver keeps what it cannot read yet.
    else this.emit('data', Buffer.from(bytes));
    return true;
  }
}

/** The driver's choice of a socket. One that becomes the carrier of a TLS connection is read by that, in its own way. */
export const steadySocket = (given?: unknown): Socket => {
  const ssl: unknown = typeof given === 'object' && given !== null && Reflect.get(given, 'ssl');
  return ssl ? new Socket() : new SteadySocket();
};
