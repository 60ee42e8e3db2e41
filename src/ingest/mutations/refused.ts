/** What the database refuses although the checks passed it is the input's fault, and told as one. */
import { AppError } from '../../kernel/errors.ts';
import { isDataFault, refusal } from '../stage.ts';

/** Runs `write`. @throws AppError BAD_USER_INPUT for what the tables refuse; whatever else `write` throws */
export async function orRefused<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    const fault = [thrown, thrown instanceof Error ? thrown.cause : undefined].find(isDataFault);
    // A key taken meanwhile, or a row referred to and gone, is a conflict: trying again may end otherwise.
    if (fault === undefined || fault.code === '23505' || fault.code === '23503') throw thrown;
    const message = `The database refused a value: ${refusal(fault)}`;
    throw new AppError('BAD_USER_INPUT', message, {
      path,
      cause: thrown,
      faults: [{ path, code: 'CONSTRAINT', message }],
    });
  }
}
