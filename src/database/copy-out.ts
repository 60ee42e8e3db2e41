/**
 * `COPY … TO STDOUT` as the rows' bytes, in pages that are used again and again. The packaged stream makes a view of each row
 * and then a copy of all of them; here each row is moved once, to where its reader takes it.
 */
import type pg from 'pg';
import { SteadySocket } from './steady-socket.ts';

const HEADER_BYTES = 5;
const [COPY_DATA, COPY_DONE] = [0x64, 0x63];
/** CopyOutResponse, and what a server may say at any time: nothing of them is rows. */
const PASSED_OVER = new Set([0x48, 0x4e, 0x53, 0x41]);
const PAGE_BYTES = 256 * 1024;
/** Pages that wait for their reader; the server waits once there are so many. */
const MOST_WAITING = 2;

/**
 * Gives pages of bytes to one reader; each is the reader's until it asks for the next. Ends once the server is ready for the
 * next statement; fails as the statement does. Whoever stops before its end ends the connection with it.
 */
export class CopyOut implements AsyncIterable<Buffer> {
  /** How many rows they were, once it has ended. */
  rowCount = 0;
  readonly #text: string;
  #connection: pg.Connection | undefined;
  #giveBack: ((rest: Buffer) => void) | undefined;
  /** Of the message that is being read. */
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerSize = 0;
  #code = 0;
  #left = 0;
  #page: Buffer = Buffer.allocUnsafeSlow(PAGE_BYTES);
  #size = 0;
  readonly #waiting: Buffer[] = [];
  readonly #free: Buffer[] = [];
  #isPaused = false;
  #isOver = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether it is the reader's turn: until pages are taken the server is not heard. */
  get isFull(): boolean {
    return this.#isPaused;
  }

  /** The driver's call: from here on the connection's bytes come here. */
  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const { stream } = connection;
    if (stream instanceof SteadySocket) {
      stream.taker = this.#take;
      this.#giveBack = (rest) => {
        stream.taker = undefined;
        if (rest.length > 0) stream.emit('data', Buffer.from(rest));
      };
    } else {
      const [listener] = stream.listeners('data');
      stream.removeAllListeners('data');
      stream.on('data', this.#take);
      this.#giveBack = (rest) => {
        stream.removeListener('data', this.#take);
        if (listener !== undefined) stream.on('data', (bytes) => void listener.call(stream, bytes));
        if (rest.length > 0) stream.emit('data', rest);
      };
    }
    connection.query(this.#text);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      for (;;) {
        const page = await this.#next();
        if (page === undefined) return;
        yield page;
        this.#free.push(Buffer.from(page.buffer));
      }
    } finally {
      this.destroy();
    }
  }

  /** Ends the connection unless the statement has ended: what still comes would be read by nobody. */
  destroy(): void {
    if (this.#isOver || this.#failure !== undefined) return;
    this.#failure = new Error('Nobody reads the rows of this COPY any more');
    this.#connection?.stream.destroy();
    this.#awake();
  }

  async #next(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const page = this.#waiting.shift() ?? this.#begun();
      if (page !== undefined) {
        this.#resume();
        return page;
      }
      if (this.#isOver) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** What there is of a page: whoever waits has it at once. */
  #begun(): Buffer | undefined {
    if (this.#size === 0) return undefined;
    const page = this.#page.subarray(0, this.#size);
    this.#page = this.#free.pop() ?? Buffer.allocUnsafeSlow(PAGE_BYTES);
    this.#size = 0;
    return page;
  }

  #awake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #resume(): void {
    if (!this.#isPaused || this.#waiting.length >= MOST_WAITING) return;
    this.#isPaused = false;
    this.#connection?.stream.resume();
  }

  readonly #take = (chunk: Buffer): void => {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const end = Math.min(at + this.#left, chunk.length);
        if (this.#code === COPY_DATA) this.#keep(chunk, at, end);
        this.#left -= end - at;
        at = end;
        continue;
      }
      if (this.#headerSize === 0 && chunk.length - at >= HEADER_BYTES) {
        this.#code = chunk.readUInt8(at);
        this.#left = chunk.readUInt32BE(at + 1) - 4;
        at += HEADER_BYTES;
      } else {
        const size = Math.min(HEADER_BYTES - this.#headerSize, chunk.length - at);
        chunk.copy(this.#header, this.#headerSize, at, at + size);
        this.#headerSize += size;
        at += size;
        if (this.#headerSize < HEADER_BYTES) break;
        this.#headerSize = 0;
        this.#code = this.#header.readUInt8(0);
        this.#left = this.#header.readUInt32BE(1) - 4;
      }
      if (this.#code === COPY_DATA || PASSED_OVER.has(this.#code)) continue;
      // The rest is for the driver: how the statement ended, whether well or with an error.
      const rest = chunk.subarray(at);
      this.#giveBack?.(this.#code === COPY_DONE ? rest : Buffer.concat([this.#headerOf(), rest]));
      return;
    }
    if (this.#waiting.length >= MOST_WAITING && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection?.stream.pause();
    }
    this.#awake();
  };

  #keep(chunk: Buffer, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const size = chunk.copy(this.#page, this.#size, at, to);
      at += size;
      this.#size += size;
      if (this.#size < PAGE_BYTES) continue;
      const page = this.#begun();
      if (page !== undefined) this.#waiting.push(page);
    }
  }

  /** The message's head, which the driver needs where the message is for it. */
  #headerOf(): Buffer {
    this.#header.writeUInt8(this.#code, 0);
    this.#header.writeUInt32BE(this.#left + 4, 1);
    return this.#header;
  }

  /** The driver's call. */
  handleError(error: Error): void {
    this.#failure ??= error;
    this.#awake();
  }

  /** The driver's call. */
  handleCommandComplete({ text }: { readonly text?: string }): void {
    this.rowCount = Number(/^COPY (\d+)$/.exec(text ?? '')?.[1] ?? 0);
  }

  /** The driver's call. */
  handleReadyForQuery(): void {
    this.#isOver = true;
    this.#awake();
  }
}
