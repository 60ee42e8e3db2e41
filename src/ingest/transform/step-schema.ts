/** The shape of steps, as they come from clients. Apart from the steps: an import that has them runs without this library. */
import Type, { type Static } from 'typebox';

const NAME = Type.String({ minLength: 1, maxLength: 200, description: 'A name as the file has it.' });
const SCALAR = Type.Union([Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean(), Type.Null()]);
const EXPRESSION = Type.String({
  minLength: 1,
  maxLength: 10_000,
  description: 'JSONata over the record. Time and chance are not offered: the same record gives the same row.',
  examples: ['$uppercase(title)'],
});
/** Values are compared as text: what a CSV says as 5 is what JSON says as 5. */
const VALUES = Type.Array(SCALAR, { minItems: 1, maxItems: 1000 });

const step = <T extends Parameters<typeof Type.Object>[0]>(properties: T, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

export const STEP = Type.Union(
  [
    step(
      { kind: Type.Literal('rename'), names: Type.Record(Type.String({ minLength: 1, maxLength: 200 }), NAME) },
      'Values go under other names: old to new. A name that is there already is replaced.',
    ),
    step(
      {
        kind: Type.Literal('map'),
        field: NAME,
        values: Type.Record(Type.String({ maxLength: 1000 }), SCALAR),
        otherwise: Type.Optional(
          Type.Union([Type.Literal('keep'), Type.Literal('empty'), Type.Literal('reject')], {
            description: 'What becomes of a value that is not in the list; kept unless given.',
          }),
        ),
      },
      'Values become others, by a list.',
    ),
    step(
      {
        kind: Type.Literal('set'),
        field: NAME,
        value: SCALAR,
        when: Type.Optional(
          Type.Union([Type.Literal('always'), Type.Literal('absent')], {
            description: '`absent`: only where the record says nothing.',
          }),
        ),
      },
      'A constant.',
    ),
    step(
      {
        kind: Type.Literal('split'),
        field: NAME,
        by: Type.String({ minLength: 1, maxLength: 100 }),
        into: Type.Optional(Type.Array(NAME, { minItems: 1, maxItems: 100 })),
      },
      'A text becomes a list, or values under the names of `into`, the last of which takes the rest.',
    ),
    step(
      {
        kind: Type.Literal('join'),
        fields: Type.Array(NAME, { minItems: 1, maxItems: 100 }),
        with: Type.String({ maxLength: 100 }),
        into: NAME,
      },
      'Values, or the entries of a list, become one text; empty ones are left out.',
    ),
    step(
      {
        kind: Type.Literal('filter'),
        field: Type.Optional(NAME),
        is: Type.Optional(VALUES),
        isNot: Type.Optional(VALUES),
        expression: Type.Optional(EXPRESSION),
      },
      'Keeps records whose `field` is one of `is`, or none of `isNot`, or for which `expression` gives true.',
    ),
    step({ kind: Type.Literal('compute'), field: NAME, expression: EXPRESSION }, 'A value computed from the record.'),
  ],
  { description: 'One step.' },
);
export type Step = Static<typeof STEP>;

export const STEPS = Type.Array(STEP, { minItems: 1, maxItems: 100, description: 'In their order.' });
