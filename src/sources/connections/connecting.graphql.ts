import { siteSlot } from '../../access/site.ts';
import { loadByKey } from '../../graphql/batches.ts';
import { builder } from '../../graphql/builder.ts';
import type { GraphqlContext } from '../../graphql/context.ts';
import { entityRef } from '../../graphql/entities.ts';
import { askedColumns, ITSELF } from '../../graphql/selection.ts';
import { AppError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { sources } from '../sources.read.ts';
import { sourcesSlot } from '../sources-house.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { connectWithKeys, startConnection } from './connect.ts';
import { disconnectSource } from './disconnect.ts';
import { type Tested, testConnection } from './test-connection.ts';

/** Whose credentials they are is asked of each source beside that. */
const needs = { role: 'editor', scope: SOURCES_SCOPE } as const;

interface OfSource {
  readonly sourceId: string;
}

const ConsentRequest = builder
  .objectRef<{ readonly url: string; readonly expiresAt: Date }>('ConsentRequest')
  .implement({
    description: 'Where a person signs in and consents.',
    fields: (t) => ({
      url: t.exposeString('url', {
        description: 'To open in the browser in which whoever asked is signed in; the provider leads back from there.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when they may come back.' }),
    }),
  });

const ConnectionFault = builder.objectRef<AppError>('ConnectionFault').implement({
  description: 'Why a place cannot be reached.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Of the closed list of error codes.' }),
    message: t.exposeString('message', { description: 'What is wrong.' }),
    hint: t.string({ nullable: true, description: 'What to do about it.', resolve: ({ hint }) => hint ?? null }),
  }),
});

const ConnectionPayload = builder
  .objectRef<OfSource & { readonly tested: Tested | undefined; readonly isRevoked: boolean }>('ConnectionPayload')
  .implement({
    description: 'A connection as a mutation left it.',
    fields: (t) => ({
      isReachable: t.boolean({
        description: 'Whether the place has answered and knows us.',
        resolve: ({ tested }) => tested?.isReachable ?? false,
      }),
      error: t.field({
        type: ConnectionFault,
        nullable: true,
        description: 'Why it has not.',
        resolve: ({ tested }) => (tested?.isReachable === false ? tested.error : null),
      }),
      isRevoked: t.exposeBoolean('isRevoked', {
        description: 'Of a source that was disconnected: whether its provider has ended the grant, too.',
      }),
      source: t.field({
        type: entityRef(sources.type),
        description: 'The source.',
        resolve: async ({ sourceId }, _given, context, info) => {
          const row = await loadByKey(context, sources, sourceId, askedColumns(sources, info, [ITSELF]));
          if (row !== null) return row;
          throw new AppError('NOT_FOUND', `The source ${sourceId} was deleted meanwhile`);
        },
      }),
    }),
  });

/** What was written is read anew. */
async function done<T>(context: GraphqlContext, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } finally {
    await context.reads.refresh();
  }
}

const sourceArg = 'The key of the source.';

builder.mutationFields((t) => ({
  startConnection: t.field({
    needs,
    type: ConsentRequest,
    description:
      'Begins to connect a source whose provider people sign in at: open `url` in your browser within ten minutes. Such as `mutation ($id: ID!) { startConnection(sourceId: $id) { url } }`.',
    args: {
      sourceId: t.arg.id({ required: true, description: sourceArg }),
      mayWrite: t.arg.boolean({ description: 'Ask for the right to write there, too; false unless given.' }),
    },
    resolve: (_root, { sourceId, mayWrite }, context) =>
      startConnection(sourcesSlot.get(context), context.actor, {
        sourceId,
        mayWrite: mayWrite ?? false,
        baseUrl: siteSlot.get(context).baseUrl(),
      }),
  }),
  connectSource: t.field({
    needs,
    type: ConnectionPayload,
    description:
      'Connects a source by keys; they are sealed, and shown to nobody again. Nothing is kept unless the place accepts them. Such as `mutation ($id: ID!, $keys: JSON!) { connectSource(sourceId: $id, keys: $keys) { isReachable error { message hint } } }`.',
    args: {
      sourceId: t.arg.id({ required: true, description: sourceArg }),
      keys: t.arg({
        type: 'JSON',
        description: 'The secrets by name, as the connector declares them; none where nothing has to open the place.',
      }),
    },
    resolve: async (_root, { sourceId, keys }, context) => {
      if (keys != null && !isJsonObject(keys))
        throw new AppError('BAD_USER_INPUT', '`keys` are an object of texts', { path: 'keys' });
      const connecting = connectWithKeys(sourcesSlot.get(context), context.actor, sourceId, keys ?? {});
      const tested = await done(context, connecting.then(reached, unreached));
      return { sourceId, tested, isRevoked: false };
    },
  }),
  testConnection: t.field({
    needs,
    type: ConnectionPayload,
    description:
      'Asks the place whether it still knows us, and writes down what it says. Such as `mutation ($id: ID!) { testConnection(sourceId: $id) { isReachable error { code message hint } source { connectionStatus } } }`.',
    args: { sourceId: t.arg.id({ required: true, description: sourceArg }) },
    resolve: async (_root, { sourceId }, context) => {
      const tested = await done(context, testConnection(sourcesSlot.get(context), context.actor, sourceId));
      return { sourceId, tested, isRevoked: false };
    },
  }),
  disconnectSource: t.field({
    needs,
    type: ConnectionPayload,
    description:
      'Ends a connection: the provider is told, and what opened the place is forgotten. What was synced stays. Such as `mutation ($id: ID!) { disconnectSource(sourceId: $id) { isRevoked } }`.',
    args: { sourceId: t.arg.id({ required: true, description: sourceArg }) },
    resolve: async (_root, { sourceId }, context) => {
      const isRevoked = await done(context, disconnectSource(sourcesSlot.get(context), context.actor, sourceId));
      return { sourceId, tested: undefined, isRevoked };
    },
  }),
}));

const reached = (account: Extract<Tested, { isReachable: true }>['account']): Tested => ({
  isReachable: true,
  account,
});

/** That the place does not answer is nothing that the server has to be ashamed of. */
function unreached(thrown: unknown): Tested {
  if (thrown instanceof AppError && thrown.code === 'SOURCE_UNAVAILABLE') return { isReachable: false, error: thrown };
  throw thrown;
}
