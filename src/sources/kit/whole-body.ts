/** Bodies that end with an error where the content does: a short file under a good name is the worst that a sync can make. */
import { ConnectorError } from '../connector.ts';
import { asConnectorError } from './network-error.ts';

export interface WholeBodyOptions {
  readonly provider: string;
  /** Bytes that must come from this body (from the offset on); undefined where the place does not tell. */
  readonly bytes?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * `body`, failing where it ends before `bytes`, goes on after them, or breaks.
 * @throws ConnectorError transient (short, broken), conflict (longer: the content is another one by now), through the stream
 */
export function wholeBody(
  body: ReadableStream<Uint8Array> | null,
  options: WholeBodyOptions,
): ReadableStream<Uint8Array> {
  const { provider, bytes, signal } = options;
  const reader = (body ?? new Blob([]).stream()).getReader();
  let came = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            came += value.byteLength;
            if (bytes !== undefined && came > bytes) throw longer(provider, bytes);
            controller.enqueue(value);
            return;
          }
          if (bytes !== undefined && came < bytes) throw shorter(provider, came, bytes);
          controller.close();
        } catch (thrown) {
          await reader.cancel().catch(() => undefined);
          controller.error(asConnectorError(thrown, provider, signal));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Read only when asked: what waits here would be held beside what the spool holds.
    { highWaterMark: 0 },
  );
}

function shorter(provider: string, came: number, bytes: number): ConnectorError {
  return new ConnectorError('transient', `${provider} sent ${came} of ${bytes} bytes`);
}

function longer(provider: string, bytes: number): ConnectorError {
  return new ConnectorError('conflict', `${provider} sends more than the ${bytes} bytes that were told`, {
    hint: 'The content was replaced meanwhile; the next run meets the new one.',
  });
}
