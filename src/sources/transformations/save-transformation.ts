/** A transformation on its way to be kept: checked, and tried on a sample first. */

import { AppError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { transformOf } from './compiled.ts';
import { checkedName, checkedPattern, checkedSteps } from './transformation-input.ts';
import type { TransformationValues } from './transformations.write.ts';
import { asRaw, tryTransform } from './try-steps.ts';

/** Null clears, and what is left out stays. */
export interface GivenTransformation {
  readonly name?: string | null | undefined;
  readonly pattern?: string | null | undefined;
  readonly steps?: unknown;
  readonly isActive?: boolean | null | undefined;
  /** Records as the files have them; one without any field unless given. */
  readonly sample?: readonly JsonValue[] | null | undefined;
}

/**
 * What is to be kept, `known` with the changes.
 * @throws AppError BAD_USER_INPUT, also where no record of the sample passes; LIMIT_EXCEEDED that names the step
 */
export async function checkedTransformation(
  given: GivenTransformation,
  known: TransformationValues | undefined,
): Promise<TransformationValues> {
  const name = checkedName(given.name ?? known?.name ?? '');
  const pattern = given.pattern === undefined ? (known?.pattern ?? null) : checkedPattern(given.pattern);
  const steps = given.steps == null && known !== undefined ? known.steps : await checkedSteps(name, given.steps);
  const transform = await transformOf([{ name, steps }]);
  // An expression that loops loops over nothing as well, mostly.
  const sample = given.sample ?? [];
  const tried = await tryTransform(transform, asRaw(sample.length === 0 ? [{}] : sample));
  const [first] = tried.records;
  if (sample.length > 0 && tried.failed === tried.records.length && first !== undefined) {
    throw new AppError('BAD_USER_INPUT', `No record of the sample passes: ${first.fault ?? ''}`, {
      path: 'steps',
      hint: 'Look at `previewTransformation`, and correct the step.',
    });
  }
  return { name, pattern, steps, isActive: given.isActive ?? known?.isActive ?? true };
}
