/** All steps over one record, wherever they run: in this process, or where they can be ended. */
import { isJsonObject, type JsonValue, type MutableJsonObject } from '../../kernel/json.ts';
import { compilePlainStep, type StepResult } from './plain-step.ts';
import { hasExpression, type NamedSteps, type Step, stepName } from './steps.ts';

/** What became of a record. */
export type Transformed =
  | { readonly value: JsonValue }
  | { readonly dropped: true }
  | { readonly fault: string }
  /** Not the record's fault: the step met a limit. */
  | { readonly limit: string };

export interface CompiledStep {
  readonly name: string;
  readonly run: (record: MutableJsonObject) => StepResult | Promise<StepResult>;
}

type CompileExpression = (step: Extract<Step, { readonly kind: 'compute' | 'filter' }>) => CompiledStep['run'];

/** The steps of all transformations, in their order. `compileExpression` makes those that run expressions. */
export function compileSteps(
  transformations: readonly NamedSteps[],
  compileExpression: CompileExpression = () => () => ({ fault: 'expressions do not run here' }),
): CompiledStep[] {
  return transformations.flatMap(({ name, steps }) =>
    steps.map((step, index): CompiledStep => {
      const isExpression = step.kind === 'compute' || (step.kind === 'filter' && hasExpression(step));
      return {
        name: stepName(name, index, step),
        run: isExpression ? compileExpression(step) : compilePlainStep(step),
      };
    }),
  );
}

export const NO_RECORD = 'the record is no object, and steps are for objects';

/** A copy that may be changed; lists and objects within it are shared and never written to. */
export function copyOf(value: JsonValue): MutableJsonObject | undefined {
  return isJsonObject(value) ? Object.assign(Object.create(null), value) : undefined;
}

/** Plain steps over one record. */
export function runPlain(steps: readonly CompiledStep[], value: JsonValue): Transformed {
  const record = copyOf(value);
  if (record === undefined) return { fault: NO_RECORD };
  for (const { name, run } of steps) {
    const result = run(record);
    if (result === 'dropped') return { dropped: true };
    if (result !== undefined && 'fault' in result) return { fault: `${name}: ${result.fault}` };
  }
  return { value: record };
}
