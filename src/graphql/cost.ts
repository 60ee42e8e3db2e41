/**
 * What an operation costs, in points: one per field, times the rows of the lists around it, by the values that arguments
 * really have. A field's `complexity` says what it costs beyond that. Nothing is asked of the database for it.
 */
import { getMappedArgumentValues } from '@pothos/core';
import {
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
} from 'graphql';
import { AppError } from '../kernel/errors.ts';
import { readVariables } from './read-variables.ts';

/**
 * A page of 100 researches with ten videos each and what hangs on those costs about 80,000; three nested lists of 100 cost
 * more than a million.
 */
export const MOST_COST = 250_000;

interface Pricing {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variableValues: Record<string, unknown>;
  readonly context: object;
}

/**
 * The points of the operation that would be executed. Undefined where there is none to execute: the document names no
 * such operation or its variables do not fit, which execution reports.
 */
export function operationCost(args: ExecutionArgs): number | undefined {
  const { schema, document, operationName, variableValues, contextValue } = args;
  const operation = getOperationAST(document, operationName);
  const root = operation == null ? undefined : schema.getRootType(operation.operation);
  if (operation == null || root == null) return undefined;
  const variables = readVariables(schema, operation, variableValues);
  if (variables.coerced === undefined) return undefined;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  const context: unknown = contextValue;
  const pricing = {
    schema,
    fragments,
    variableValues: variables.coerced,
    context: typeof context === 'object' && context !== null ? context : {},
  };
  return priceOf(pricing, operation.selectionSet.selections, root);
}

/** @throws AppError LIMIT_EXCEEDED for more than `most` points */
export function requireAffordable(cost: number, most: number = MOST_COST): void {
  if (cost <= most) return;
  throw new AppError('LIMIT_EXCEEDED', `The operation costs ${cost} points, and ${most} is the most`, {
    hint: 'Ask for fewer rows with `first`, or in several requests.',
  });
}

function priceOf(pricing: Pricing, selections: readonly SelectionNode[], type: GraphQLNamedType): number {
  let points = 0;
  for (const node of selections) {
    if (!isIncluded(node, pricing.variableValues)) continue;
    if (node.kind === Kind.FIELD) points += priceOfField(pricing, node, type);
    else {
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? pricing.fragments[node.name.value] : node;
      const condition = fragment?.typeCondition && pricing.schema.getType(fragment.typeCondition.name.value);
      points += priceOf(pricing, fragment?.selectionSet.selections ?? [], condition ?? type);
    }
  }
  return points;
}

function priceOfField(pricing: Pricing, node: FieldNode, type: GraphQLNamedType): number {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  // What stands in the schema itself: bounded by graphql, and nothing to fetch.
  if (field === undefined) return 1;
  const { own, times } = declaredPrice(pricing, node, field);
  const inner = node.selectionSet?.selections ?? [];
  return own + times * priceOf(pricing, inner, getNamedType(field.type));
}

function declaredPrice(
  pricing: Pricing,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
): { own: number; times: number } {
  let declared: unknown = field.extensions['complexity'];
  if (typeof declared === 'function') {
    const args = getMappedArgumentValues(field, node, pricing.context, pricing);
    declared = Reflect.apply(declared, undefined, [args, pricing.context, field]);
  }
  if (typeof declared === 'number') return { own: declared, times: 1 };
  if (typeof declared !== 'object' || declared === null) return { own: 1, times: 1 };
  const numberOf = (name: string): number => {
    const value: unknown = Reflect.get(declared, name);
    return typeof value === 'number' ? Math.max(value, 0) : 1;
  };
  return { own: numberOf('field'), times: numberOf('multiplier') };
}

function isIncluded(node: SelectionNode, variables: Record<string, unknown>): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}
