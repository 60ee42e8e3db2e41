/** What is left of a body whose place does not send a part of it. */

/** `body` without its first `skip` bytes. */
export function restOf(body: ReadableStream<Uint8Array>, skip: number): ReadableStream<Uint8Array> {
  let left = skip;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (chunk.byteLength > left) controller.enqueue(chunk.subarray(left));
        left = Math.max(0, left - chunk.byteLength);
      },
    }),
  );
}
