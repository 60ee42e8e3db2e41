/** Routes of a test's own: what the kit does, whatever entity is asked. */
import Type from 'typebox';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { requireMatch } from '../../src/http/entity-tag.ts';
import type { SentPieces } from '../../src/http/send-pieces.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { type RestRoute, restRoute } from '../../src/rest/route.ts';

const JSON_ANSWER = { 200: { description: 'What was asked.', content: { 'application/json': Type.Unknown() } } };
const facts = { tag: 'Test', summary: 'A route of the tests', answers: JSON_ANSWER } as const;

const described = (name: string) => ({ description: name, examples: ['a'] });

export const TEST_ROUTES: readonly RestRoute[] = [
  restRoute({
    ...facts,
    method: 'GET',
    path: '/things/:key',
    operationId: 'getThing',
    params: Type.Object({ key: Type.String({ ...described('key'), maxLength: 50 }) }),
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'How many.' })),
      ratio: Type.Optional(Type.Number({ description: 'How much.' })),
      loud: Type.Optional(Type.Boolean({ description: 'Whether.' })),
      status: Type.Optional(Type.Array(Type.Enum(['open', 'done']), { description: 'Which.' })),
      word: Type.Optional(Type.String({ description: 'A word.' })),
    }),
    lane: 'none',
    answer: (_context, { params, query }) => ({ body: JSON.stringify({ ...params, ...query }) }),
  }),
  restRoute({
    ...facts,
    method: 'PUT',
    path: '/things/:key',
    operationId: 'putThing',
    needs: { role: 'editor', scope: 'research' },
    params: Type.Object({ key: Type.String(described('key')) }),
    body: {
      schema: Type.Object(
        {
          title: Type.String({ maxLength: 5 }),
          size: Type.Optional(Type.Integer()),
          any: Type.Optional(Type.Unknown()),
        },
        { additionalProperties: false },
      ),
    },
    price: ({ body }) => body.size ?? 0,
    answer: (_context, { body, ifMatch }) => {
      requireMatch(ifMatch, '"1"');
      return { body: JSON.stringify(body), etag: '"2"' };
    },
  }),
  restRoute({
    ...facts,
    method: 'POST',
    path: '/streams',
    aliases: ['/v1/streams'],
    operationId: 'postStream',
    body: { streamed: { 'text/csv': {}, 'application/json': {} }, most: 100_000, gzip: true },
    lane: 'none',
    answer: async (_context, { body }) => {
      let size = 0;
      for await (const chunk of body.stream) size += Buffer.byteLength(chunk);
      return { body: JSON.stringify({ size, received: body.received(), type: body.type }) };
    },
  }),
  restRoute({
    ...facts,
    method: 'POST',
    path: '/unread',
    operationId: 'postUnread',
    body: { streamed: { 'text/csv': {} }, most: 100_000_000 },
    lane: 'none',
    answer: () => ({ body: '{}' }),
  }),
  restRoute({
    method: 'GET',
    path: '/rows',
    operationId: 'getRows',
    tag: 'Test',
    summary: 'Rows without end',
    answers: {
      200: { description: 'Rows.', content: { 'text/csv': Type.String(), 'application/json': Type.Unknown() } },
    },
    query: Type.Object({ sql: Type.Optional(Type.Boolean({ description: 'Whether the database makes them.' })) }),
    answer: (context, { type, query }) => ({
      type,
      body: sent(query.sql === true ? sleeping(context) : rows()),
    }),
  }),
  restRoute({
    ...facts,
    method: 'GET',
    path: '/failing/:rows',
    operationId: 'getFailing',
    params: Type.Object({ rows: Type.Integer(described('rows')) }),
    answer: (_context, { params }) => ({ body: sent(failing(params.rows)) }),
  }),
  restRoute({
    ...facts,
    method: 'GET',
    path: '/broken',
    operationId: 'getBroken',
    answer: () => {
      throw new Error('password=hunter2');
    },
  }),
];

const sent = (pieces: AsyncGenerator<Uint8Array>): SentPieces => ({
  pieces,
  leave: () => void pieces.return(undefined),
});

export const served = { rows: 0, ended: 0 };

async function* rows(): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      served.rows += 1;
      yield Buffer.from(`${'x'.repeat(65_535)}\n`);
    }
  } finally {
    served.ended += 1;
  }
}

async function* sleeping({ reads }: GraphqlContext): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first\n');
  await reads.query('a sleep of the tests', `SELECT pg_sleep(20), 'cairn slow stream'`);
}

async function* failing(rows: number): AsyncGenerator<Uint8Array> {
  for (let row = 0; row < rows; row += 1) yield Buffer.from('{}\n');
  throw new AppError('LIMIT_EXCEEDED', 'This takes too long');
}
