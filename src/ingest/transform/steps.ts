/** What is done to a record as its file says it, before it is mapped: steps, kept as data. */
import type { Step } from './step-schema.ts';

export type { Step } from './step-schema.ts';

/** Of one evaluation: milliseconds, nested calls, entries of one sequence, characters of the result as JSON. */
export const EXPRESSION_LIMITS = { timeMs: 1_000, depth: 300, sequence: 100_000, size: 1_000_000 } as const;

/** Steps under the name that people gave them. */
export interface NamedSteps {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** How a step is named where it is at fault: `step 2 of "Tidy" (compute total)`. */
export function stepName(name: string, index: number, step: Step): string {
  const about = 'field' in step && step.field !== undefined ? ` ${step.field}` : '';
  return `step ${index + 1} of "${name}" (${step.kind}${about})`;
}

/** Whether the step runs an expression, which is bound in time only where it can be ended. */
export const hasExpression = (step: Step): boolean => 'expression' in step && step.expression !== undefined;
