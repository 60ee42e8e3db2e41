/** Work of those who use far more than others, cut short so that these need not wait. */
import type { ServerResponse } from 'node:http';
import { AppError } from '../kernel/errors.ts';
import type { Shortened } from './leaving.ts';

const CUT_RETRY_SECONDS = '5';

/** Whatever came of work that was cut short is nobody's answer. @throws AppError RATE_LIMITED; whatever `work` throws */
export async function unlessCut<T>(
  { isCut }: Pick<Shortened, 'isCut'>,
  response: ServerResponse,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const done = await work();
    if (!isCut()) return done;
  } catch (thrown) {
    if (!isCut()) throw thrown;
  }
  response.setHeader('retry-after', CUT_RETRY_SECONDS);
  throw new AppError('RATE_LIMITED', 'This was cut short: you use far more than others, who would have to wait', {
    hint: 'Ask for less of it, or again in a moment, when fewer ask.',
  });
}
