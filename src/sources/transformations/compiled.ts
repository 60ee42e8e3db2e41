/** Transforms that were made before: files with the same steps go in together, and through one thread. */
import type { NamedSteps } from '../../ingest/transform/steps.ts';
import { compileTransform, type RecordTransform } from '../../ingest/transform/transform.ts';

/** Each may hold a thread for some seconds. */
const MOST_KEPT = 50;
const kept = new Map<string, Promise<RecordTransform>>();

/** @throws AppError BAD_USER_INPUT for an expression that is none */
export function transformOf(transformations: readonly NamedSteps[]): Promise<RecordTransform> {
  const name = JSON.stringify(transformations);
  const known = kept.get(name);
  if (known !== undefined) return known;
  const made = compileTransform(transformations);
  kept.set(name, made);
  made.catch(() => kept.delete(name));
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return made;
}
