import type { GraphQLResolveInfo } from 'graphql';
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { entityRef } from '../graphql/entities.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { ACCESS_SCOPE, readScopes } from './rights.ts';
import { addScopes, knownScopes } from './scopes.ts';
import { tokens } from './tokens.read.ts';
import { addToken, endToken } from './tokens.ts';
import { ROLE } from './users.read.ts';
import { isRole } from './users.write.ts';

addScopes(defineEntity(tokens));

const needs = { role: 'admin', scope: ACCESS_SCOPE } as const;

interface Payload {
  readonly tokenId: string;
}

const tokenRef = <Given extends Payload>(name: string) => builder.objectRef<Given>(name);

const TokenPayload = tokenRef<Payload>('TokenPayload');
const CreateTokenPayload = tokenRef<Payload & { readonly secret: string }>('CreateTokenPayload');

async function tokenOf({ tokenId }: Payload, _given: object, context: GraphqlContext, info: GraphQLResolveInfo) {
  const row = await loadByKey(context, tokens, tokenId, askedColumns(tokens, info, [ITSELF]));
  if (row !== null) return row;
  throw new AppError('INTERNAL', 'A token that was just written is not there');
}

TokenPayload.implement({
  description: 'A token as a mutation left it.',
  fields: (t) => ({
    token: t.field({
      type: entityRef(tokens.type),
      description: 'The token.',
      resolve: tokenOf,
    }),
  }),
});

CreateTokenPayload.implement({
  description: 'A token that was just made.',
  fields: (t) => ({
    secret: t.exposeString('secret', {
      description: 'What a script sends: `Authorization: Bearer …`. Shown this once; only a hash of it is kept.',
    }),
    token: t.field({
      type: entityRef(tokens.type),
      description: 'The token, as lists show it.',
      resolve: tokenOf,
    }),
  }),
});

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  description: 'A new token.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'What the history will call whoever uses it, such as nightly; used once for ever.',
    }),
    role: t.field({ type: enumRef(ROLE), required: true, description: 'What it may do; no more than you may.' }),
    scopes: t.stringList({ description: 'The contexts whose rows it may see and change; all unless given.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends; never unless given.' }),
    userId: t.id({ description: 'For whom it is: it opens no more than they may, and ends when they are disabled.' }),
  }),
});

builder.mutationFields((t) => ({
  createToken: t.field({
    needs,
    type: CreateTokenPayload,
    description:
      'Makes a token for a script, and shows its secret this once. Such as `mutation { createToken(input: { name: "nightly", role: IMPORTER }) { secret token { tokenId } } }`.',
    args: { input: t.arg({ type: CreateTokenInput, required: true, description: 'The token.' }) },
    resolve: async (_root, { input }, context) => {
      const { role } = input;
      if (!isRole(role)) throw new AppError('BAD_USER_INPUT', 'There is no such role', { path: 'role' });
      const wanted = { ...input, role, scopes: readScopes(input.scopes, knownScopes()) };
      const { token, summary } = await mutate(context, ({ query }) => addToken(query, context.actor, wanted));
      return { secret: token, tokenId: summary.tokenId };
    },
  }),
  revokeToken: t.field({
    needs,
    extensions: { repeatable: true },
    type: TokenPayload,
    description:
      'Revokes a token: from the next request on it opens nothing. Doing it twice changes nothing. Such as `mutation ($token: ID!) { revokeToken(tokenId: $token) { token { revokedAt } } }`.',
    args: { tokenId: t.arg.id({ required: true, description: 'The key of the token.' }) },
    resolve: (_root, { tokenId }, context) => mutate(context, ({ query }) => endToken(query, context.actor, tokenId)),
  }),
}));
