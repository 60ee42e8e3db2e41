/**
 * A socket that hands out one row as it came. The driver makes a string of every row, of pieces that it has put together in
 * ever larger memory: for a text of some hundred kilobytes which is only passed on, that costs more than all else here.
 */
import { Socket } from 'node:net';

const READ_BYTES = 64 * 1024;

/** Of a message: its kind and its length, which counts itself. */
const HEAD = 5;
const [ROW, COMPLETE, FAULT, READY] = [0x44, 0x43, 0x45, 0x5a];

/** A row's message without its head: how many columns there are, then the length and the bytes of each. */
type TakeRow = (row: Buffer) => void;

export class RowSocket extends Socket {
  #take: TakeRow | undefined;
  /** The row that is on its way to who takes it, and how much of it is here. */
  #row: Buffer | undefined;
  #filled = 0;
  /** Bytes of a message under way that are still to come, and its kind. */
  #left = 0;
  #kind = 0;
  /** Of a message whose head came in two pieces. */
  #head: Buffer | undefined;

  constructor() {
    const memory = Buffer.allocUnsafeSlow(READ_BYTES);
    super({ onread: { buffer: memory, callback: (size) => this.came(memory.subarray(0, size)) } });
  }

  /** Rows go to `take` instead of the driver, until the statement under way has ended. */
  takeRows(take: TakeRow): void {
    this.#take = take;
  }

  /** What the network brought; {@link READ_BYTES} of it at most, which are written to again afterwards. */
  came(piece: Buffer): boolean {
    const bytes = this.#head === undefined ? piece : Buffer.concat([this.#head, piece]);
    this.#head = undefined;
    let at = 0;
    let passed = 0;
    const pass = (): void => {
      // The driver keeps what it cannot read yet, and this memory is written to again.
      if (at > passed) this.emit('data', Buffer.from(bytes.subarray(passed, at)));
      passed = at;
    };
    while (at < bytes.length) {
      if (this.#row !== undefined) {
        at = this.#fill(this.#row, bytes, at);
        passed = at;
      } else if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at);
        at += step;
        this.#left -= step;
        // Once the driver has heard of a statement's end, somebody may take what comes next.
        if (this.#left === 0 && this.#kind === COMPLETE) pass();
      } else if (bytes.length - at < HEAD) {
        this.#head = Buffer.from(bytes.subarray(at));
        break;
      } else {
        const length = bytes.readUInt32BE(at + 1) + 1;
        this.#kind = bytes[at] ?? 0;
        if (this.#kind === COMPLETE || this.#kind === FAULT || this.#kind === READY) this.#take = undefined;
        if (this.#take !== undefined && this.#kind === ROW) {
          pass();
          this.#row = Buffer.allocUnsafeSlow(length - HEAD);
          this.#filled = 0;
          at += HEAD;
          passed = at;
        } else this.#left = length;
      }
    }
    pass();
    return true;
  }

  /** Returns where in `bytes` the row ends, or they do. */
  #fill(row: Buffer, bytes: Buffer, from: number): number {
    const size = bytes.copy(row, this.#filled, from, bytes.length);
    this.#filled += size;
    if (this.#filled === row.length) {
      this.#row = undefined;
      this.#take?.(row);
    }
    return from + size;
  }
}

/** The driver's choice of a socket. One that becomes the carrier of a TLS connection is read by that, in its own way. */
export const rowSocket = (given?: unknown): Socket => {
  const ssl: unknown = typeof given === 'object' && given !== null && Reflect.get(given, 'ssl');
  return ssl ? new Socket() : new RowSocket();
};
