/** JSONata expressions: compiled, bound in time, depth and size, and without what gives the same record another row. */
import jsonata from 'jsonata';
import { AppError } from '../../kernel/errors.ts';
import type { JsonValue, MutableJsonObject } from '../../kernel/json.ts';
import type { StepResult } from './plain-step.ts';
import { EXPRESSION_LIMITS } from './steps.ts';

/** What would let one file be two things, or runs text as an expression. */
const NOT_OFFERED = ['now', 'millis', 'random', 'shuffle', 'eval'];

/** Beyond a limit: not the record's fault, but the step's. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

const GUARDS: Readonly<Record<string, string>> = {
  D1011: `calls itself more than ${EXPRESSION_LIMITS.depth} deep`,
  D1012: `takes more than ${EXPRESSION_LIMITS.timeMs} ms for one record`,
  D2014: `makes a list of more than ${EXPRESSION_LIMITS.sequence} entries`,
  D2015: `makes a list of more than ${EXPRESSION_LIMITS.sequence} entries`,
};

type Evaluate = (record: MutableJsonObject) => Promise<JsonValue | undefined>;

/**
 * The expression as a function. What it gives is JSON; undefined where it gives nothing.
 * @throws AppError BAD_USER_INPUT for what is no expression
 */
export function compileExpression(text: string): Evaluate {
  const { timeMs: timeout, depth: stack, sequence } = EXPRESSION_LIMITS;
  const expression = parsed(text, { timeout, stack, sequence });
  for (const name of NOT_OFFERED) {
    expression.assign(name, () => {
      throw new Error(`$${name} is not offered: the same record must give the same row`);
    });
  }
  return async (record) => {
    let value: unknown;
    try {
      value = await expression.evaluate(record);
    } catch (cause) {
      const guard = GUARDS[codeOf(cause)];
      if (guard !== undefined) throw new LimitError(guard, { cause });
      if (cause instanceof RangeError) throw new LimitError('makes more text than there is room for', { cause });
      throw cause;
    }
    return asJson(value);
  };
}

/** A step that computes a value, or asks whether to keep the record. */
export function compileExpressionStep(step: {
  readonly kind: 'compute' | 'filter';
  readonly field?: string;
  readonly expression?: string;
}): (record: MutableJsonObject) => Promise<StepResult> {
  const evaluate = compileExpression(step.expression ?? '');
  return async (record) => {
    let value: JsonValue | undefined;
    try {
      value = await evaluate(record);
    } catch (cause) {
      if (cause instanceof LimitError) throw cause;
      return { fault: wordsOf(cause) };
    }
    if (step.kind === 'filter') return value === true ? undefined : 'dropped';
    record[step.field ?? ''] = value ?? null;
    return undefined;
  };
}

function parsed(text: string, options: jsonata.JsonataOptions): jsonata.Expression {
  try {
    return jsonata(text, options);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', `This is no expression: ${wordsOf(cause)}`, {
      cause,
      hint: 'Expressions are JSONata, such as $uppercase(title) or price * 1.2.',
    });
  }
}

/** Functions, and numbers that are none, cannot stand in a row. */
function asJson(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value);
  if (text === undefined) throw new Error('it gives a function, not a value');
  if (text.length > EXPRESSION_LIMITS.size)
    throw new LimitError(`gives more than ${EXPRESSION_LIMITS.size} characters for one record`);
  return JSON.parse(text);
}

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';

/** The library throws objects with a message that are no errors. */
function wordsOf(thrown: unknown): string {
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
  return String(message).slice(0, 300);
}
