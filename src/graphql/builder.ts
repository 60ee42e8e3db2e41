/** The one schema builder. It knows no domain: contexts declare their types on it in their own `*.graphql.ts` files. */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin, { ComplexityErrorKind } from '@pothos/plugin-complexity';
import { AppError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/json.ts';
import './rights.ts';
import type { GraphqlContext } from './context.ts';

export interface SchemaTypes {
  Context: GraphqlContext;
  /** What does not exist or may fail on its own says so itself. */
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: JsonValue; Output: unknown };
    BigInt: { Input: bigint; Output: bigint };
    File: { Input: File; Output: never };
  };
}

/**
 * A page of 100 researches with ten videos each and what hangs on those costs about 80,000; three nested lists of 100 cost
 * more than a million. Depth and breadth bound what costs nothing by itself.
 */
export const LIMITS = { complexity: 250_000, depth: 20, breadth: 1_000 } as const;

const EXCEEDED: Record<ComplexityErrorKind, string> = {
  [ComplexityErrorKind.Complexity]: 'The operation asks for too much at once',
  [ComplexityErrorKind.Depth]: 'The operation is nested too deep',
  [ComplexityErrorKind.Breadth]: 'The operation asks for too many fields',
};

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin, 'rights'],
  defaultFieldNullability: false,
  complexity: {
    limit: LIMITS,
    defaultComplexity: 1,
    // Lists are priced by the field that takes `first`; what stands inside it is a list in form only.
    defaultListMultiplier: 1,
    complexityError: (kind) =>
      new AppError('LIMIT_EXCEEDED', EXCEEDED[kind], {
        hint: 'Ask for fewer rows with `first`, or in several requests.',
      }),
  },
});

builder.queryType({ description: 'Everything that can be asked. One operation answers from one snapshot.' });
builder.mutationType({ description: 'Everything that can be changed. Each field is one transaction.' });
