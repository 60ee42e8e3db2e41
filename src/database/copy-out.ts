/**
 * `COPY … TO STDOUT` as a stream of the rows' bytes. The packaged stream makes a view of each row and then a copy of all of
 * them; here the rows of a chunk are moved together within it, which costs half the time and none of the memory.
 */
import { Readable } from 'node:stream';
import type pg from 'pg';

const HEADER_BYTES = 5;
const [COPY_DATA, COPY_DONE] = [0x64, 0x63];
/** CopyOutResponse, and what a server may say at any time: nothing of them is rows. */
const PASSED_OVER = new Set([0x48, 0x4e, 0x53, 0x41]);

/** Ends once the server is ready for the next statement; fails as the statement does. */
export class CopyOut extends Readable {
  /** How many rows they were, once it has ended. */
  rowCount = 0;
  readonly #text: string;
  #connection: pg.Connection | undefined;
  #toDriver: ((bytes: Buffer) => void) | undefined;
  /** Of the message that is being read. */
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerSize = 0;
  #code = 0;
  #left = 0;

  constructor(text: string) {
    super();
    this.#text = text;
    // Who reads it hears of a failure whenever they begin; one that comes before must not end the process.
    this.on('error', () => undefined);
  }

  /** The driver's call: from here on the connection's bytes come here. */
  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const { stream } = connection;
    const [listener] = stream.listeners('data');
    this.#toDriver = (bytes) => void listener?.call(stream, bytes);
    stream.removeAllListeners('data');
    stream.on('data', this.#take);
    connection.query(this.#text);
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  readonly #take = (chunk: Buffer): void => {
    let [at, end] = [0, 0];
    while (at < chunk.length) {
      if (this.#left > 0) {
        const size = Math.min(this.#left, chunk.length - at);
        if (this.#code === COPY_DATA) {
          chunk.copyWithin(end, at, at + size);
          end += size;
        }
        at += size;
        this.#left -= size;
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
      this.#end(this.#code === COPY_DONE ? rest : Buffer.concat([this.#headerOf(), rest]), chunk.subarray(0, end));
      return;
    }
    if (end > 0 && !this.destroyed && !this.push(chunk.subarray(0, end))) this.#connection?.stream.pause();
  };

  /** The message's head, which the driver needs where the message is for it. */
  #headerOf(): Buffer {
    this.#header.writeUInt8(this.#code, 0);
    this.#header.writeUInt32BE(this.#left + 4, 1);
    return this.#header;
  }

  #end(rest: Buffer, rows: Buffer): void {
    if (rows.length > 0 && !this.destroyed) this.push(rows);
    const stream = this.#connection?.stream;
    stream?.removeListener('data', this.#take);
    if (this.#toDriver === undefined) return;
    stream?.on('data', this.#toDriver);
    if (rest.length > 0) this.#toDriver(rest);
    stream?.resume();
  }

  /** The driver's call. */
  handleError(error: Error): void {
    this.destroy(error);
  }

  /** The driver's call. */
  handleCommandComplete({ text }: { readonly text?: string }): void {
    this.rowCount = Number(/^COPY (\d+)$/.exec(text ?? '')?.[1] ?? 0);
  }

  /** The driver's call. */
  handleReadyForQuery(): void {
    if (!this.destroyed) this.push(null);
  }
}
