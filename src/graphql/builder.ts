/** The one schema builder. It knows no domain: contexts declare their types on it in their own `*.graphql.ts` files. */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
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

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ComplexityPlugin, 'rights'],
  defaultFieldNullability: false,
  complexity: {
    // The plugin declares prices; they are reckoned before execution (cost.ts), not in the first resolver.
    disabled: true,
    defaultComplexity: 1,
    // Lists are priced by the field that takes `first`; what stands inside it is a list in form only.
    defaultListMultiplier: 1,
  },
});

builder.queryType({ description: 'Everything that can be asked. One operation answers from one snapshot.' });
builder.mutationType({
  description:
    'Everything that can be changed. Each field is one transaction. Sent again within a day under the same Idempotency-Key (a header), the same request is answered alike and done once.',
});
