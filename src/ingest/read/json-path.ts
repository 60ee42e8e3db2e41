/** Where records are in a JSON document: JSONPath limited to names, indexes and `[*]`. */
import { AppError } from '../../kernel/errors.ts';

/** A name, an index, or `*` for each element of an array. */
export type PathStep = { readonly name: string } | { readonly index: number } | '*';

const STEP = /\.([^.[\]'"*\s]+)|\[(\d{1,9})\]|\[\*\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** The steps of a path such as `$.channels[*]`, `$['a b'][0]`; `$` has none. Anything else is BAD_USER_INPUT. */
export function parsePath(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  let at = 1;
  while (path.startsWith('$') && at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) break;
    const [whole, name, index, single, double] = match;
    const quoted = single ?? double;
    if (index !== undefined) steps.push({ index: Number(index) });
    else if (quoted !== undefined) steps.push({ name: quoted.replace(/\\(.)/g, '$1') });
    else steps.push(name === undefined ? '*' : { name });
    at += whole.length;
  }
  if (path.startsWith('$') && at === path.length) return steps;
  throw new AppError('BAD_USER_INPUT', `The record path “${path}” is not understood.`, {
    hint: 'Use names, indexes and [*] only, such as $.channels[*].',
  });
}
