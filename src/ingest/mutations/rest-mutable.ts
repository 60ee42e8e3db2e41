/** A type that can be changed by hand, as REST names its fields: by their columns. The rules are the same. */
import { AppError, type Fault } from '../../kernel/errors.ts';
import { checkOf } from './check.ts';
import type { Mutable } from './mutable.ts';

/** The same declarations under the names of the columns. */
export function restMutable(mutable: Mutable): Mutable {
  const fields = mutable.fields.map((field) => ({ ...field, name: field.column }));
  const key = { ...mutable.key, name: mutable.key.column };
  return { ...mutable, fields, key, check: checkOf(mutable.dataset, fields) };
}

/** Under these the functions that write name what they were given; in REST all of it is the body. */
const GIVEN = /^(?:input|patch)(?=\.|$)/;
/** As faults of a body's shape are named. */
const BODY = 'body';

/** Runs `write`; what is wrong with the values is told with places in the body. */
export async function inBody<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.path === undefined || !GIVEN.test(thrown.path)) throw thrown;
    const { code, hint, path, faults } = thrown;
    throw new AppError(code, thrown.message.replace(GIVEN, BODY), {
      path: placeOf(path),
      cause: thrown,
      ...(hint !== undefined && { hint }),
      ...(faults !== undefined && { faults: faults.map((fault): Fault => ({ ...fault, path: placeOf(fault.path) })) }),
    });
  }
}

const placeOf = (path: string): string => path.replace(GIVEN, BODY);
