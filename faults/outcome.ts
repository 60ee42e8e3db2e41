/** What an importer told before it ended; nothing if it was killed. */

import type { ImportResult } from '../src/ingest/run.ts';
import type { ErrorKind } from '../src/kernel/errors.ts';

export interface Outcome {
  readonly imports: readonly ImportResult[];
  readonly error?: { readonly code: string; readonly kind: ErrorKind; readonly message: string };
}

/** What an importing process says first. */
export const READY = 'ready';

/** What a server says once it is armed, with the point. */
export const ARMED = 'armed';

/** In a few words, for the case's line. */
export function describeOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'killed';
  if (outcome.error !== undefined) return outcome.error.code;
  const failed = outcome.imports.filter(({ status }) => status === 'failed').length;
  return failed === 0 ? 'survived' : `${failed} failed`;
}
