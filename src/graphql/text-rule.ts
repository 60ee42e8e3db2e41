/** Text that PostgreSQL refuses (NUL) or silently alters (half of a surrogate pair), refused wherever it enters. */
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Why the text cannot be kept, as a sentence; undefined when it can. */
export function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'Text may not hold the character NUL';
  if (!text.isWellFormed()) return 'Text may not hold half of a surrogate pair';
  return undefined;
}

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
      waiting.push(...value);
    } else if (typeof value === 'object' && value !== null && !(value instanceof Blob)) {
      waiting.push(...Object.keys(value), ...Object.values(value));
    }
  }
  return undefined;
}
