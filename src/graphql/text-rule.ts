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
