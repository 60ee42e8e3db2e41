/** Everything that is wrong with one input, told together: whoever fixes it need not ask again for each next fault. */
import { AppError, type Fault } from '../../kernel/errors.ts';
import type { RejectCode } from '../reject-code.ts';

/** Beyond these a list of faults helps nobody. */
const MOST_TOLD = 100;

export interface Faults {
  readonly add: (path: string, code: RejectCode, message: string) => void;
  /** @throws AppError BAD_USER_INPUT when there are any */
  readonly settle: () => void;
}

export function collectFaults(): Faults {
  const told: Fault[] = [];
  let count = 0;
  return {
    add: (path, code, message) => {
      count += 1;
      if (told.length < MOST_TOLD) told.push({ path, code, message });
    },
    settle: () => {
      const [first] = told;
      if (first === undefined) return;
      const more = count === 1 ? '' : ` (and ${count - 1} more, in faults)`;
      throw new AppError('BAD_USER_INPUT', `${first.path}: ${first.message}${more}`, {
        path: first.path,
        faults: told,
        hint: 'Nothing was written.',
      });
    },
  };
}
