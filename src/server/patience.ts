import { AppError } from '../kernel/errors.ts';

/**
 * What was asked, if it comes within `ms`. It goes on after that; what comes of it is nobody's any more.
 * @throws AppError DATABASE_BUSY when it did not come; whatever `asked` rejects with
 */
export async function withPatience<T>(asked: Promise<T>, ms: number): Promise<T> {
  const patience = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => patience.reject(new AppError('DATABASE_BUSY', 'The database did not answer in time')),
    ms,
  );
  try {
    return await Promise.race([asked, patience.promise]);
  } finally {
    clearTimeout(timer);
  }
}
