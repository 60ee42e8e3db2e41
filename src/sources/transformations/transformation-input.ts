/** Transformations as people send them, checked. */
import picomatch from 'picomatch';
import { type SchemaCheck, schemaCheck } from '../../http/schema-check.ts';
import { STEP, STEPS } from '../../ingest/transform/step-schema.ts';
import { hasExpression, type Step, stepName } from '../../ingest/transform/steps.ts';
import { AppError, asAppError, type Fault } from '../../kernel/errors.ts';
import { transformOf } from './compiled.ts';

const LONGEST_NAME = 200;
const LONGEST_PATTERN = 1_000;
const LONGEST_STEPS = 1_000_000;
/** A union says of a step that fits none of its kinds what is wrong with it as the first of them. */
const check = schemaCheck<Step[]>(STEPS, 'first');
const checkOf = new Map<unknown, SchemaCheck<Step>>(
  STEP.anyOf.map((one) => [one.properties.kind.const, schemaCheck<Step>(one, 'first')]),
);

export function checkedName(name: string): string {
  const trimmed = name.trim().normalize('NFC');
  if (trimmed.length > 0 && trimmed.length <= LONGEST_NAME) return trimmed;
  throw refused('name', `has 1 to ${LONGEST_NAME} characters`);
}

export function checkedPattern(pattern: string | null): string | null {
  if (pattern === null || pattern.trim() === '') return null;
  if (pattern.length > LONGEST_PATTERN) throw refused('pattern', `has at most ${LONGEST_PATTERN} characters`);
  try {
    picomatch(pattern);
    return pattern;
  } catch {
    throw refused('pattern', 'is a glob, such as reports/**/*.csv');
  }
}

/**
 * Steps whose expressions are ones.
 * @throws AppError BAD_USER_INPUT with one fault for each value that does not pass
 */
export async function checkedSteps(name: string, given: unknown): Promise<readonly Step[]> {
  if (JSON.stringify(given)?.length > LONGEST_STEPS) throw refused('steps', `have at most ${LONGEST_STEPS} characters`);
  const checked = check(given, 'steps');
  if ('faults' in checked) throw notSteps(ofOneKind(given) ?? checked.faults);
  for (const [index, step] of checked.value.entries()) {
    if (step.kind === 'filter') {
      const byField = step.field !== undefined && (step.is !== undefined || step.isNot !== undefined);
      if (byField === (step.expression !== undefined))
        throw refused(`steps.${index}`, 'keeps by `field` with `is` or `isNot`, or by `expression`');
    }
    if (hasExpression(step)) await requireExpression(stepName(name, index, step), `steps.${index}.expression`, step);
  }
  return checked.value;
}

async function requireExpression(name: string, path: string, step: Step): Promise<void> {
  try {
    await transformOf([{ name, steps: [step] }]);
  } catch (cause) {
    const { message, hint } = asAppError(cause);
    throw new AppError('BAD_USER_INPUT', `${name}: ${message}`, { path, cause, ...(hint !== undefined && { hint }) });
  }
}

/** What is wrong with the first step that is at fault, said of the kind that it says it is; undefined where all of them pass alone. */
function ofOneKind(given: unknown): readonly Fault[] | undefined {
  if (!Array.isArray(given)) return undefined;
  for (const [index, step] of given.entries()) {
    const checkStep = checkOf.get(Object(step)['kind']);
    if (checkStep === undefined) {
      const message = `must be one of ${[...checkOf.keys()].join(', ')}`;
      return [{ path: `steps.${index}.kind`, code: 'INVALID_VALUE', message }];
    }
    const checked = checkStep(step, `steps.${index}`);
    if ('faults' in checked) return checked.faults;
  }
  return undefined;
}

function notSteps(faults: readonly Fault[]): AppError {
  return new AppError('BAD_USER_INPUT', `The steps do not pass: ${faults[0]?.path} ${faults[0]?.message}`, {
    path: faults[0]?.path ?? 'steps',
    faults,
    hint: 'A step has a `kind`: rename (names), map (field, values), set (field, value), split (field, by), join (fields, with, into), filter (field, is or isNot; or expression), compute (field, expression).',
  });
}

export const refused = (path: string, words: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`${path}\` ${words}`, { path });
