/** Text that PostgreSQL refuses (NUL) or silently alters (half of a surrogate pair), refused wherever it enters. */
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';
import { textFault } from '../kernel/text-fault.ts';

/** Validation rule: literals of the document. */
export function TextRule(context: ValidationContext): ASTVisitor {
  return {
    StringValue: (node) => {
      const fault = textFault(node.value);
      if (fault === undefined) return;
      context.reportError(new GraphQLError(fault, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } }));
    },
  };
}

/** The first fault among the values of variables. Walks with a list of its own: values may be nested deeper than the stack. */
export function variablesFault(variables: Readonly<Record<string, unknown>> | null | undefined): string | undefined {
  const waiting: unknown[] = [variables];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') {
      const fault = textFault(value);
      if (fault !== undefined) return fault;
    } else if (Array.isArray(value)) {
      // One by one: as arguments of one call, a million values overflow the stack.
      for (const item of value) waiting.push(item);
    } else if (typeof value === 'object' && value !== null && !(value instanceof Blob)) {
      for (const [key, item] of Object.entries(value)) waiting.push(key, item);
    }
  }
  return undefined;
}

/** Where among the values of variables the first fault lies, such as `records.3.name`: a batch is too long to be searched. */
export function faultPlace(variables: Readonly<Record<string, unknown>>): string {
  return placeIn(variables, [])?.join('.') ?? '';
}

function placeIn(value: unknown, place: readonly string[]): readonly string[] | undefined {
  if (typeof value === 'string') return textFault(value) === undefined ? undefined : place;
  if (typeof value !== 'object' || value === null || value instanceof Blob) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = placeIn(key, place) ?? placeIn(item, [...place, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
