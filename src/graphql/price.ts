/** A selection's price in points, made once of its document: a number, and what hangs on the values of variables. */
import { getMappedArgumentValues } from '@pothos/core';
import {
  BREAK,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  visit,
} from 'graphql';

/** What a request brings along. */
export interface Asked {
  readonly variableValues: Record<string, unknown>;
  readonly context: object;
}

export interface Price {
  readonly fixed: number;
  readonly varying: readonly ((asked: Asked) => number)[];
}

interface Pricing {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Of fragments that were met: each is priced once, however often it is spread. */
  readonly known: Map<string, Price>;
}

const FREE: Price = { fixed: 0, varying: [] };

/** The points of `price` for one request. */
export function reckon({ fixed, varying }: Price, asked: Asked): number {
  let points = fixed;
  for (const part of varying) points += part(asked);
  return points;
}

/** The price of a selection on `type`, which is valid for the schema. */
export function compilePrice(
  schema: GraphQLSchema,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  selections: readonly SelectionNode[],
  type: GraphQLNamedType,
): Price {
  return ofSelections({ schema, fragments, known: new Map() }, selections, type);
}

function ofSelections(pricing: Pricing, selections: readonly SelectionNode[], type: GraphQLNamedType): Price {
  let fixed = 0;
  const varying: ((asked: Asked) => number)[] = [];
  for (const node of selections) {
    const price = ofNode(pricing, node, type);
    if (node.directives === undefined || node.directives.length === 0) {
      fixed += price.fixed;
      varying.push(...price.varying);
    } else varying.push((asked) => (isIncluded(node, asked) ? reckon(price, asked) : 0));
  }
  return { fixed, varying };
}

function ofNode(pricing: Pricing, node: SelectionNode, type: GraphQLNamedType): Price {
  if (node.kind === Kind.FIELD) return ofField(pricing, node, type);
  const { schema, fragments, known } = pricing;
  if (node.kind === Kind.INLINE_FRAGMENT) {
    const condition = node.typeCondition && schema.getType(node.typeCondition.name.value);
    return ofSelections(pricing, node.selectionSet.selections, condition ?? type);
  }
  const name = node.name.value;
  const found = known.get(name);
  if (found !== undefined) return found;
  // A circular one is refused elsewhere; here it must only come to an end.
  known.set(name, FREE);
  const fragment = fragments[name];
  const condition = fragment && schema.getType(fragment.typeCondition.name.value);
  const price = ofSelections(pricing, fragment?.selectionSet.selections ?? [], condition ?? type);
  known.set(name, price);
  return price;
}

function ofField(pricing: Pricing, node: FieldNode, type: GraphQLNamedType): Price {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  // What stands in the schema itself: bounded by graphql, and nothing to fetch.
  if (field === undefined) return { fixed: 1, varying: [] };
  const inner = ofSelections(pricing, node.selectionSet?.selections ?? [], getNamedType(field.type));
  let declared: unknown = field.extensions['complexity'];
  if (typeof declared === 'function') {
    const call = declared;
    if (hasVariables(node)) {
      return { fixed: 0, varying: [(asked) => timesInner(callPrice(call, node, field, pricing, asked), inner, asked)] };
    }
    declared = callPrice(call, node, field, pricing, { variableValues: {}, context: {} });
  }
  const { own, times } = readPrice(declared);
  if (inner.varying.length === 0) return { fixed: own + times * inner.fixed, varying: [] };
  return { fixed: 0, varying: [(asked) => own + times * reckon(inner, asked)] };
}

/** Whether an argument of the field has other values in other requests. */
function hasVariables({ arguments: given = [] }: FieldNode): boolean {
  let found = false;
  const look = {
    Variable: () => {
      found = true;
      return BREAK;
    },
  };
  for (const argument of given) visit(argument, look);
  return found;
}

function timesInner(declared: unknown, inner: Price, asked: Asked): number {
  const { own, times } = readPrice(declared);
  return own + times * reckon(inner, asked);
}

function callPrice(
  price: CallableFunction,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  { schema, fragments }: Pricing,
  { context, variableValues }: Asked,
): unknown {
  const args = getMappedArgumentValues(field, node, context, { schema, fragments, variableValues });
  return Reflect.apply(price, undefined, [args, context, field]);
}

function readPrice(declared: unknown): { own: number; times: number } {
  if (typeof declared === 'number') return { own: declared, times: 1 };
  if (typeof declared !== 'object' || declared === null) return { own: 1, times: 1 };
  const numberOf = (name: string): number => {
    const value: unknown = Reflect.get(declared, name);
    return typeof value === 'number' ? Math.max(value, 0) : 1;
  };
  return { own: numberOf('field'), times: numberOf('multiplier') };
}

function isIncluded(node: SelectionNode, { variableValues }: Asked): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
}
