import { createReadStream } from 'node:fs';

/** A file's bytes from `start` on; the file is closed when it was read to its end, or given up. */
export function fileStream(file: string, start: number): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Buffer> = createReadStream(file, { start, highWaterMark: 1 << 18 })[
    Symbol.asyncIterator
  ]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
