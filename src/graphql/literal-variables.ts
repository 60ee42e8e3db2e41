/** Variables that stand inside a literal, as in `where: { status: { equals: $status } }`. */
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isScalarType,
  isSpecifiedScalarType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export interface LiteralVariables {
  readonly names: readonly string[];
  /** Whether one stands inside the literal of a scalar of ours: only JSON has literals with room for one. */
  readonly inScalar: boolean;
}

/** The variables inside literals of `document`, which is valid. One that is an argument's whole value is none of them. */
export function literalVariables(schema: GraphQLSchema, document: DocumentNode): LiteralVariables {
  const names = new Set<string>();
  let inScalar = false;
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      VariableDefinition: () => false,
      Variable: ({ name }, _key, parent) => {
        const isItem = Array.isArray(parent);
        if (parent === undefined || (!isItem && 'kind' in parent && parent.kind === 'Argument')) return;
        names.add(name.value);
        const type = getNamedType(info.getInputType());
        // Below a scalar's literal there are no types; an item may be one of a list, or of a scalar's own literal.
        inScalar ||= type === undefined || (isItem && isScalarType(type) && !isSpecifiedScalarType(type));
      },
    }),
  );
  return { names: [...names], inScalar };
}
