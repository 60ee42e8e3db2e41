/** An answer whose bytes are made while it is sent, where they were made: nothing is copied, and one piece is held at a time. */
import type { ServerResponse } from 'node:http';
import { type Answer, LONGEST_STALL_MS, writeHead } from './respond.ts';

export interface SentPieces {
  /** For one reader; each piece is theirs until they ask for the next. Fails where making them does. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Ends the making; for a reader who takes no more, or never began. */
  readonly leave: () => void;
}

export function isPieces(body: unknown): body is SentPieces {
  return typeof body === 'object' && body !== null && 'pieces' in body && 'leave' in body;
}

/**
 * Sends an answer piece by piece, no faster than the client takes them. A client that leaves, or that takes nothing for a
 * minute, ends the making, which is no failure.
 * @throws what the making failed with: before the first piece nothing was sent, and after it the connection is broken
 */
export async function sendPieces(
  response: ServerResponse,
  { body, ...answer }: Omit<Answer, 'body'> & { readonly body: SentPieces },
): Promise<void> {
  response.once('close', body.leave);
  try {
    if (response.req.method === 'HEAD') {
      writeHead(response, answer);
    } else {
      for await (const piece of body.pieces) {
        if (!response.headersSent) begin(response, answer);
        if (!(await isTaken(response, piece))) return;
      }
      if (!response.headersSent && !response.destroyed) writeHead(response, answer);
    }
    response.end();
  } catch (thrown) {
    // Where the client has left, this is what that made of the making.
    if (!response.destroyed) throw thrown;
  } finally {
    body.leave();
  }
}

function begin(response: ServerResponse, answer: Omit<Answer, 'body'>): void {
  writeHead(response, answer);
  // What waits for the database is silent as well, so it is asked who waits for whom.
  response.setTimeout(LONGEST_STALL_MS, () => {
    if (response.writableLength > 0) response.destroy();
  });
}

/** Resolves once the piece is not needed any more: whether the client is still there. */
function isTaken(response: ServerResponse, piece: Uint8Array): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const gone = (): void => resolve(false);
  // Of what waits for a connection that is cut nothing else is heard.
  response.once('close', gone);
  response.write(piece, (error) => {
    response.off('close', gone);
    resolve(error == null);
  });
  return promise;
}
