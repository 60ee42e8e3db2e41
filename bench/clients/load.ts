/** Load from a second process: what asks must not take turns with what answers. */
import { join } from 'node:path';
import { askChild } from './child.ts';

/** What is asked, again and again, in turn. */
export interface LoadRequest {
  readonly url: string;
  /** POST unless given. */
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  /** Bytes of the right answer to each body: another length is a wrong answer. */
  readonly expected: readonly number[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly bytesPerSecond: number;
  readonly requests: number;
  /** Answers that were none, or wrong; with the first one's reason. */
  readonly errors: number;
  readonly firstError: string | null;
}

/** Runs the load and waits for it. @throws when the process ended without figures, or any answer was wrong */
export async function runLoad(request: LoadRequest): Promise<LoadFigures> {
  const figures = await askChild<LoadRequest, LoadFigures>(join(import.meta.dirname, 'load-process.ts'), request);
  if (figures.errors === 0) return figures;
  throw new Error(`${figures.errors} of ${figures.requests} answers were wrong, the first: ${figures.firstError}`);
}
