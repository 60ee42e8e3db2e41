/** From a known document and a request to the statement to be run, with every check that ordinary execution would make. */
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { AppError } from '../../kernel/errors.ts';
import type { Recent } from '../../kernel/recent.ts';
import { textFaultIn } from '../../kernel/text-fault.ts';
import type { GraphqlContext } from '../context.ts';
import { operationCost, requireAffordable } from '../cost.ts';
import { readVariables } from '../read-variables.ts';
import { maySee, requireAsked } from '../visible.ts';
import { Uncompiled } from './compiling.ts';
import { compilePlan, type Plan, type Roots, type Shaping } from './plan.ts';

/** What a client sent. */
export interface AskedDocument {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
}

/** Plans kept of one document, for variables that change the statement, such as its filters and page sizes. */
export const MOST_PLANS = 20;
/** Characters of the variables and of the statement of a plan that is kept. */
const LONGEST_VARIABLES = 2_000;
const LONGEST_STATEMENT = 30_000;

export interface Known {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables whose values change the statement. */
  readonly shaping: readonly Shaping[];
  /** By the values of these; null where that cannot be compiled. */
  readonly plans: Recent<Plan | null>;
  restsUntil: number;
  /** How often in a row it could not be compiled. */
  misses: number;
}

interface Ready {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statement of what is asked, all that ordinary execution would check before it having been checked, and paid for. */
export function prepare(roots: Roots, known: Known, asked: AskedDocument, context: GraphqlContext): Ready | undefined {
  const { schema, document, operation } = known;
  const given = asked.variables ?? {};
  if (textFaultIn(given) !== undefined) return undefined;
  const { coerced } = readVariables(schema, operation, given);
  if (coerced === undefined) return undefined;
  try {
    const plan = planFor(roots, known, given, coerced);
    if (plan === null || !mayRun(context, plan)) return undefined;
    const values = plan.valuesFor(coerced);
    const { operationName } = asked;
    const cost = operationCost({ schema, document, operationName, variableValues: given, contextValue: context });
    if (cost === undefined) return undefined;
    requireAffordable(cost);
    context.charge?.(cost);
    return { text: plan.text, values };
  } catch (thrown) {
    // Refused: ordinary execution refuses it as well, and says so.
    if (thrown instanceof AppError || thrown instanceof Uncompiled) return undefined;
    throw thrown;
  }
}

function planFor(roots: Roots, known: Known, given: object, coerced: Record<string, unknown>): Plan | null {
  const { schema, document, operation, shaping, plans } = known;
  // One that was not sent is another than one sent as null.
  const key = JSON.stringify(
    shaping.map(({ name, shape }) => (Object.hasOwn(given, name) ? [shape(Reflect.get(given, name))] : [])),
  );
  const found = plans.get(key);
  if (found !== undefined) return found;
  const compiled = compileOrLeave(() => compilePlan(roots, schema, document, operation, coerced));
  const plan = compiled !== null && compiled.text.length <= LONGEST_STATEMENT ? compiled : null;
  known.misses = plan === null ? known.misses + 1 : 0;
  if (key.length <= LONGEST_VARIABLES) plans.set(key, plan);
  return plan;
}

function compileOrLeave(compile: () => Plan): Plan | null {
  try {
    return compile();
  } catch (thrown) {
    if (thrown instanceof Uncompiled || thrown instanceof AppError || thrown instanceof GraphQLError) return null;
    throw thrown;
  }
}

/** Whether the actor sees all rows of every type that the plan reads or asks about. @throws AppError FORBIDDEN */
function mayRun(context: GraphqlContext, { asked }: Plan): boolean {
  for (const [reads, given] of asked) {
    if (!maySee(context, reads) || reads.limit?.(context) !== undefined) return false;
    requireAsked(context, reads, given);
  }
  return true;
}
