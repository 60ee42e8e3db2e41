/** A disk that takes no more: people can bring that about and mend it, so it is never a fault of ours. */
import { AppError } from './errors.ts';

/** No space, no quota, and no larger file: the limit of the process (ulimit -f) or of the file system. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What a write threw: AppError DISK_FULL where the disk of `what` took no more; everything else as it is. */
export function asDiskFull(thrown: unknown, what = 'the data folder'): unknown {
  if (!(thrown instanceof Error && 'code' in thrown && FULL.has(thrown.code))) return thrown;
  const isLimit = thrown.code === 'EFBIG';
  return new AppError(
    'DISK_FULL',
    isLimit
      ? `The disk of ${what} takes no larger file: nothing was kept of it`
      : `The disk of ${what} is full: nothing was kept of the file`,
    {
      cause: thrown,
      hint: isLimit
        ? 'Raise the limit of file sizes (ulimit -f), or send it in parts; then try again.'
        : 'Free some space, then try again.',
    },
  );
}
