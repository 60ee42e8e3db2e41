/** What a search takes and answers in REST, made from the facets that the sources declare. */
import Type, { type TSchema } from 'typebox';
import { entityReads } from '../graphql/entities.ts';
import { DEFAULT_ROWS, MOST_ROWS } from '../graphql/page.ts';
import { plain } from '../rest/schemas.ts';
import { BY_TYPE } from './facets.read.ts';
import { LONGEST_QUERY } from './question.ts';
import { sources } from './search-values.ts';
import { facets } from './search-where.ts';

/** Types are called by their tables here. */
const tables = new Map(sources.map(({ type, table }) => [type, table]));
const types = new Map(sources.map(({ type, table }) => [table, type]));

export const tableOf = (type: string): string => tables.get(type) ?? entityReads(type).table;
export const typeOf = (table: string): string | undefined => types.get(table);

const several = (items: Readonly<Record<string, unknown>>, description: string): TSchema =>
  Type.Optional(plain({ type: 'array', items, maxItems: MOST_ROWS, description }));

const DATE = { type: 'string', examples: ['2025-11-20'] } as const;

export const SEARCH_QUERY = Type.Object({
  q: Type.String({
    maxLength: LONGEST_QUERY,
    description: 'Words; "a phrase" in quotes; or; -without.',
    examples: ['tide -pool'],
  }),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MOST_ROWS, default: DEFAULT_ROWS, description: 'How many hits at most.' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'Where to go on: `next_cursor` of the page before.' })),
  type: several({ type: 'string', enum: [...types.keys()] }, 'Only these types, each called by its table.'),
  from: Type.Optional(plain({ ...DATE, description: 'Only what came to be then or later.' })),
  before: Type.Optional(plain({ ...DATE, description: 'Only what came to be before then.' })),
  facets: Type.Optional(
    Type.Boolean({ default: true, description: 'Whether to count the hits by their facets, too.' }),
  ),
  ...Object.fromEntries(
    facets.map(({ name, description, enumeration }) => [
      name,
      several({ type: 'string', ...(enumeration && { enum: enumeration.values }) }, `Only these: ${description}`),
    ]),
  ),
});

const HIT = Type.Object(
  {
    type: Type.String({ description: 'The table of the row.' }),
    key: Type.String({ description: 'The key of the row.' }),
    title: plain({ type: ['string', 'null'], description: 'Its title, where it has one.' }),
    rank: Type.Number({ description: 'How well it fits; higher is better.' }),
    headline: plain({
      type: ['string', 'null'],
      description: 'A line around what was found, as HTML: escaped, with the words found in <mark>.',
    }),
    start_seconds: plain({
      type: ['number', 'null'],
      description: 'Of a video, the second at which the moment that fits best begins.',
    }),
  },
  { $id: 'SearchHit', description: 'Something found.', additionalProperties: false },
);

const COUNT = Type.Object(
  {
    value: Type.String({ description: 'The value, as the parameter of the facet takes it.' }),
    label: Type.String({ description: 'Its name for people.' }),
    count: Type.Integer({ description: 'How many hits have it.' }),
  },
  { $id: 'FacetCount', description: 'How many hits have one value.', additionalProperties: false },
);

export const SEARCH_ANSWER = Type.Object(
  {
    data: Type.Array(HIT, { description: 'What was found, the best first.' }),
    page: Type.Object(
      {
        limit: Type.Integer({ description: 'How many hits a page has at most.' }),
        next_cursor: plain({
          type: ['string', 'null'],
          description: 'The `cursor` of the next page; null on the last.',
        }),
        total: Type.Integer({ description: 'How many rows were found; with `is_complete` false at least so many.' }),
      },
      { additionalProperties: false },
    ),
    is_complete: Type.Boolean({
      description: 'Whether every row with these words was looked at; of very common words it is the newest ones.',
    }),
    facets: Type.Optional(
      Type.Object(
        Object.fromEntries(
          [{ name: BY_TYPE, description: 'What was found.' }, ...facets].map(({ name, description }) => [
            name,
            Type.Array(COUNT, { description }),
          ]),
        ),
        {
          description:
            'How many hits each value has, the most first. A facet leaves its own parameter out: it shows what other choices would bring.',
          additionalProperties: false,
        },
      ),
    ),
    suggestions: Type.Array(
      Type.Object(
        {
          query: Type.String({ description: 'What to search instead.' }),
          total: Type.Integer({ description: 'How many hits it has.' }),
        },
        { additionalProperties: false },
      ),
      { description: 'What may have been meant, where little or nothing was found.' },
    ),
  },
  { $id: 'SearchAnswer', description: 'What a search found.', additionalProperties: false },
);
