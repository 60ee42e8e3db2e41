import Type from 'typebox';
import { siteSlot } from '../../access/site.ts';
import type { GraphqlContext } from '../../graphql/context.ts';
import { AppError } from '../../kernel/errors.ts';
import { type RestRoute, restRoute } from '../../rest/route.ts';
import { keyOf, keyParams } from '../../rest/row-route.ts';
import { sourceEntity } from '../rest-entities.ts';
import { sourcesSlot } from '../sources-house.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { connectWithKeys, startConnection } from './connect.ts';
import { disconnectSource } from './disconnect.ts';
import { type Tested, testConnection } from './test-connection.ts';

const nullable = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });

const CONSENT = Type.Object(
  {
    url: Type.String({ description: 'To open in the browser in which whoever asked is signed in.' }),
    expires_at: Type.String({ description: 'Until when they may come back.' }),
  },
  { additionalProperties: false },
);
const TESTED = Type.Object(
  {
    is_reachable: Type.Boolean({ description: 'Whether the place has answered and knows us.' }),
    account_id: nullable('Whom it knows us as.'),
    account_name: nullable('What it calls them.'),
    error: Type.Unsafe<object | null>({
      type: ['object', 'null'],
      description: 'Why it cannot be reached: `code`, `message` and `hint`.',
    }),
  },
  { additionalProperties: false },
);
const REVOKED = Type.Object(
  { is_revoked: Type.Boolean({ description: 'Whether the provider has ended the grant, too.' }) },
  { additionalProperties: false },
);

const START = Type.Object(
  { may_write: Type.Optional(Type.Boolean({ description: 'Ask for the right to write there, too.' })) },
  { additionalProperties: false, examples: [{ may_write: false }] },
);
const CONNECT = Type.Object(
  {
    keys: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: 'object',
        description: 'The secrets by name: sealed, never shown.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ keys: {} }] },
);

const PATH = `${sourceEntity.path}/:${sourceEntity.key.name}`;
const FACTS = {
  method: 'POST',
  tag: sourceEntity.tag,
  needs: { role: 'editor', scope: SOURCES_SCOPE },
  params: keyParams(sourceEntity),
} as const;
const REFUSALS = {
  403: { description: 'Its credentials are its owner’s, or the place refuses them.' },
  404: { description: 'There is none that you may see.' },
};
const told = { description: 'What the place says.', content: { 'application/json': TESTED } };
const keyIn = (params: object): string => keyOf(sourceEntity, params);

function testedBody(tested: Tested): string {
  if (tested.isReachable) {
    const { accountId, displayName = null } = tested.account;
    return JSON.stringify({ is_reachable: true, account_id: accountId, account_name: displayName, error: null });
  }
  const { code, message, hint = null } = tested.error;
  return JSON.stringify({ is_reachable: false, account_id: null, account_name: null, error: { code, message, hint } });
}

/** That the place does not answer is nothing that the server has to be ashamed of. */
async function connected(context: GraphqlContext, key: string, keys: Record<string, unknown>): Promise<Tested> {
  try {
    const account = await connectWithKeys(sourcesSlot.get(context), context.actor, key, keys);
    return { isReachable: true, account };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'SOURCE_UNAVAILABLE')
      return { isReachable: false, error: thrown };
    throw thrown;
  }
}

const routes: readonly RestRoute[] = [
  restRoute({
    ...FACTS,
    path: `${PATH}/authorize`,
    operationId: 'startConnection',
    summary: 'Begins to connect a source whose provider people sign in at',
    body: { schema: START, description: 'What to ask for.' },
    answers: {
      200: { description: 'Where to consent, within ten minutes.', content: { 'application/json': CONSENT } },
      400: { description: 'People do not sign in there: keys open it, or nothing has to.' },
      ...REFUSALS,
    },
    answer: async (context, { params, body }) => {
      const { url, expiresAt } = await startConnection(sourcesSlot.get(context), context.actor, {
        sourceId: keyIn(params),
        mayWrite: body.may_write ?? false,
        baseUrl: siteSlot.get(context).baseUrl(),
      });
      return { body: JSON.stringify({ url, expires_at: expiresAt.toISOString() }) };
    },
  }),
  restRoute({
    ...FACTS,
    path: `${PATH}/connect`,
    operationId: 'connectSource',
    summary: 'Connects a source by keys; nothing is kept unless the place accepts them',
    body: { schema: CONNECT, description: 'The keys, as the connector declares them.' },
    answers: { 200: told, 400: { description: 'The keys do not pass.' }, ...REFUSALS },
    answer: async (context, { params, body }) => ({
      body: testedBody(await connected(context, keyIn(params), body.keys ?? {})),
    }),
  }),
  restRoute({
    ...FACTS,
    path: `${PATH}/test`,
    operationId: 'testConnection',
    summary: 'Asks the place whether it still knows us, and writes down what it says',
    answers: { 200: told, ...REFUSALS },
    answer: async (context, { params }) => ({
      body: testedBody(await testConnection(sourcesSlot.get(context), context.actor, keyIn(params))),
    }),
  }),
  restRoute({
    ...FACTS,
    path: `${PATH}/disconnect`,
    operationId: 'disconnectSource',
    summary: 'Ends a connection: what opened the place is forgotten, what was synced stays',
    answers: {
      200: { description: 'It is forgotten.', content: { 'application/json': REVOKED } },
      ...REFUSALS,
    },
    answer: async (context, { params }) => {
      const isRevoked = await disconnectSource(sourcesSlot.get(context), context.actor, keyIn(params));
      return { body: JSON.stringify({ is_revoked: isRevoked }) };
    },
  }),
];

export default routes;
