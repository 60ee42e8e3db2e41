import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { entityRef } from '../graphql/entities.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import type { Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { ACCESS_SCOPE, readScopes } from './rights.ts';
import { addScopes, knownScopes } from './scopes.ts';
import { ROLE, users } from './users.read.ts';
import { createUser, disableUser, enableUser, isRole, updateUser } from './users.write.ts';

addScopes(defineEntity(users));

/** Who looks after users, tokens and everybody's sessions. */
const needs = { role: 'admin', scope: ACCESS_SCOPE } as const;

interface Payload {
  readonly userId: string;
}

const UserPayload = builder.objectRef<Payload>('UserPayload').implement({
  description: 'A user as a mutation left it.',
  fields: (t) => ({
    user: t.field({
      type: entityRef(users.type),
      description: 'The user.',
      resolve: async ({ userId }, _given, context, info) => {
        const row = await loadByKey(context, users, userId, askedColumns(users, info, [ITSELF]));
        if (row !== null) return row;
        throw new AppError('INTERNAL', 'A user that was just written is not there');
      },
    }),
  }),
});

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'A new user.',
  fields: (t) => ({
    email: t.string({ required: true, description: 'The e-mail address, kept in lower case.' }),
    name: t.string({ description: 'What people call them.' }),
    role: t.field({ type: enumRef(ROLE), required: true, description: 'What they may do; no more than you may.' }),
    scopes: t.stringList({ description: 'The contexts whose rows they may see and change; all unless given.' }),
  }),
});

const UserPatch = builder.inputType('UserPatch', {
  description: 'What to change: an absent field is kept.',
  fields: (t) => ({
    name: t.string({ description: 'What people call them; null clears it.' }),
    role: t.field({ type: enumRef(ROLE), description: 'What they may do; cannot be cleared.' }),
    scopes: t.stringList({ description: 'The contexts whose rows they may see and change; null for all.' }),
  }),
});

/** A value of the enum, whose names the schema has checked. */
function roleOf(text: string): Role {
  if (isRole(text)) return text;
  throw new AppError('BAD_USER_INPUT', 'There is no such role', { path: 'role' });
}

const userId = builder.args((t) => ({ userId: t.id({ required: true, description: 'The key of the user.' }) }));

builder.mutationFields((t) => ({
  createUser: t.field({
    needs,
    extensions: { repeatable: true },
    type: UserPayload,
    description:
      'Makes a user, who signs in by a link (createSignInLink) or by the OpenID provider. Such as `mutation { createUser(input: { email: "anna@example.org", role: EDITOR }) { user { userId } } }`.',
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'The user.' }) },
    resolve: async (_root, { input }, context, info) => {
      const wanted = { ...input, role: roleOf(input.role), scopes: readScopes(input.scopes, knownScopes()) };
      return { userId: await mutate(context, ({ query }) => createUser(query, context.actor, wanted), info) };
    },
  }),
  updateUser: t.field({
    needs,
    extensions: { repeatable: true },
    type: UserPayload,
    description:
      'Changes a user. Open sessions have the new rights from their next request on. Such as `mutation ($user: ID!) { updateUser(userId: $user, patch: { role: VIEWER }) { user { role } } }`.',
    args: { ...userId, patch: t.arg({ type: UserPatch, required: true, description: 'What to change.' }) },
    resolve: async (_root, { userId: id, patch: { name, role, scopes } }, context, info) => {
      if (role === null) throw new AppError('BAD_USER_INPUT', 'The role cannot be cleared', { path: 'role' });
      const patch = {
        name,
        role: role === undefined ? undefined : roleOf(role),
        scopes: scopes === undefined ? undefined : readScopes(scopes, knownScopes()),
      };
      await mutate(context, (session) => updateUser(session, context.actor, id, patch), info);
      return { userId: id };
    },
  }),
  disableUser: t.field({
    needs,
    extensions: { repeatable: true },
    type: UserPayload,
    description:
      'Lets a user in no more: sessions, sign-in links and tokens made for them end at once. Such as `mutation ($user: ID!) { disableUser(userId: $user) { user { disabledAt } } }`.',
    args: userId,
    resolve: async (_root, given, context, info) => {
      await mutate(context, (session) => disableUser(session, context.actor, given.userId), info);
      return { userId: given.userId };
    },
  }),
  enableUser: t.field({
    needs,
    extensions: { repeatable: true },
    type: UserPayload,
    description:
      'Lets a disabled user sign in again; their tokens stay revoked. Such as `mutation ($user: ID!) { enableUser(userId: $user) { user { disabledAt } } }`.',
    args: userId,
    resolve: async (_root, given, context, info) => {
      await mutate(context, (session) => enableUser(session, context.actor, given.userId), info);
      return { userId: given.userId };
    },
  }),
}));
