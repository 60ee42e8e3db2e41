/**
 * What an operation costs, in points: one per field, times the rows of the lists around it, by the values that arguments
 * really have. A field's `complexity` says what it costs beyond that. Nothing is asked of the database for it.
 */
import {
  type DocumentNode,
  type ExecutionArgs,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { AppError } from '../kernel/errors.ts';
import { compilePrice, type Price, reckon } from './price.ts';
import { readVariables } from './read-variables.ts';

/**
 * A page of 100 researches with ten videos each and what hangs on those costs about 65,000; three nested lists of 100 cost
 * more than a million.
 */
export const MOST_COST = 250_000;

/** A document is sent again and again with other variables: only what hangs on these is reckoned each time. */
const compiled = new WeakMap<OperationDefinitionNode, { readonly schema: GraphQLSchema; readonly price: Price }>();

/**
 * The points of the operation that would be executed. Undefined where there is none to execute: the document names no
 * such operation or its variables do not fit, which execution reports.
 */
export function operationCost(args: ExecutionArgs): number | undefined {
  const { schema, document, operationName, variableValues, contextValue } = args;
  const operation = getOperationAST(document, operationName);
  if (operation == null) return undefined;
  const variables = readVariables(schema, operation, variableValues);
  if (variables.coerced === undefined) return undefined;
  const context: unknown = contextValue;
  return reckon(priceOf(schema, document, operation), {
    variableValues: variables.coerced,
    context: typeof context === 'object' && context !== null ? context : {},
  });
}

/** @throws AppError LIMIT_EXCEEDED for more than `most` points */
export function requireAffordable(cost: number, most: number = MOST_COST): void {
  if (cost <= most) return;
  throw new AppError('LIMIT_EXCEEDED', `The operation costs ${cost} points, and ${most} is the most`, {
    hint: 'Ask for fewer rows with `first`, or in several requests.',
  });
}

function priceOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Price {
  const known = compiled.get(operation);
  if (known?.schema === schema) return known.price;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  const root = schema.getRootType(operation.operation);
  const price =
    root == null ? { fixed: 0, varying: [] } : compilePrice(schema, fragments, operation.selectionSet.selections, root);
  compiled.set(operation, { schema, price });
  return price;
}
