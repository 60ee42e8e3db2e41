/** What the formats that are written from rows share: rows that stop with the signal, bytes that wait for their reader. */
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../kernel/errors.ts';
import type { ExportRows, FormatOptions } from '../format.ts';

export type Row = readonly (string | null)[];

/** The rows in batches; @throws AppError INTERRUPTED once the signal is aborted. */
export async function* batchesOf({ batches }: ExportRows, { signal }: FormatOptions): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    if (signal?.aborted === true) throw interrupted(signal.reason);
    yield batch;
  }
}

/** Writes all of `bytes` into `out` and ends it. @throws AppError INTERRUPTED once the signal is aborted */
export async function pour(
  bytes: NodeJS.ReadableStream | AsyncIterable<Uint8Array>,
  out: Writable,
  { signal }: FormatOptions,
): Promise<void> {
  try {
    await (signal === undefined ? pipeline(bytes, out) : pipeline(bytes, out, { signal }));
  } catch (thrown) {
    throw signal?.aborted === true && !(thrown instanceof AppError) ? interrupted(thrown) : thrown;
  }
}

function interrupted(cause: unknown): AppError {
  return new AppError('INTERRUPTED', 'The export was stopped.', { cause, hint: 'Ask for it again.' });
}
