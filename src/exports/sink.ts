/** Where an export's bytes go, a piece at a time: what is written is the taker's until it says so, and used again after that. */
import { Writable } from 'node:stream';
import { AppError } from '../kernel/errors.ts';

export interface Sink {
  /** Resolves when the bytes are not needed any more. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

const left = (): AppError => new AppError('INTERRUPTED', 'Nobody takes the bytes of this export any more');

/** A sink for who writes to streams. */
export function writableInto(sink: Sink): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      sink.write(chunk).then(() => done(), done);
    },
  });
}

export interface Handoff extends Sink {
  /** For one reader; each piece is theirs until they ask for the next. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** No more comes: all was written, or writing failed. */
  readonly end: (failure?: unknown) => void;
  /** The reader's word, also of one who never began: no more is taken. */
  readonly leave: () => void;
}

/** From who writes to who reads, nothing copied; `onLeft` hears that the reader left before its end. */
export function createHandoff(onLeft: () => void = () => undefined): Handoff {
  interface Offer {
    readonly bytes: Uint8Array;
    readonly taken: () => void;
    readonly refused: (reason: unknown) => void;
  }
  let offer: Offer | undefined;
  let ended: { readonly failure: unknown } | undefined;
  let isLeft = false;
  let wake: (() => void) | undefined;
  const leave = (): void => {
    if (isLeft) return;
    isLeft = true;
    offer?.refused(left());
    wake?.();
    if (ended === undefined) onLeft();
  };
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        if (isLeft) return;
        if (offer !== undefined) {
          yield offer.bytes;
          offer.taken();
          offer = undefined;
        } else if (ended !== undefined) {
          if (ended.failure !== undefined) throw ended.failure;
          return;
        } else {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
      }
    } finally {
      leave();
    }
  }
  return {
    pieces: pieces(),
    leave,
    end: (failure) => {
      ended ??= { failure };
      // It may be that nobody ever began to read.
      if (failure !== undefined) offer?.refused(failure);
      wake?.();
    },
    write: (bytes) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (isLeft || ended !== undefined) reject(left());
      else {
        offer = { bytes, taken: resolve, refused: reject };
        wake?.();
      }
      return promise;
    },
  };
}
