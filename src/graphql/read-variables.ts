/** The variables of an operation, read once: pricing and execution both need them, and they may be megabytes of records. */
import { type ExecutionArgs, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';

export type ReadVariables = ReturnType<typeof getVariableValues>;

/** Who sent a hundred unfit values has read enough after these. */
const MOST_ERRORS = 5;

const read = new WeakMap<object, { readonly operation: OperationDefinitionNode; readonly values: ReadVariables }>();

/** The values as the operation's types make them, or what is wrong with them; the same answer when asked again. */
export function readVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: ExecutionArgs['variableValues'],
): ReadVariables {
  const known = given == null ? undefined : read.get(given);
  if (known?.operation === operation) return known.values;
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {}, {
    maxErrors: MOST_ERRORS,
  });
  if (given != null) read.set(given, { operation, values });
  return values;
}
