/** Whether a client still waits for its answer. */
import type { ServerResponse } from 'node:http';

export interface Shortened {
  /** Aborted when the client leaves, and when its request is cut short. */
  readonly left: AbortSignal;
  readonly cut: () => void;
  readonly isCut: () => boolean;
}

/**
 * Aborts when the client leaves before it has its answer, also where it left before anybody asked, and when the work is cut
 * although its client still waits. `isAnswerCut` says of an answer that was ended as one whether it was cut short all the same.
 */
export function shortened(response: ServerResponse, isAnswerCut: () => boolean = () => false): Shortened {
  const left = new AbortController();
  const look = (): void => {
    if (!response.writableFinished || isAnswerCut()) left.abort();
  };
  if (response.destroyed) look();
  else response.on('close', look);
  let isCut = false;
  return {
    left: left.signal,
    cut: () => {
      isCut = true;
      left.abort();
    },
    isCut: () => isCut,
  };
}
