import { builder } from '../graphql/builder.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { enumeration } from '../graphql/enumerations.ts';
import type { Actor, Credential } from '../kernel/actor.ts';
import { ROLE } from './users.read.ts';

const ACTOR_KIND = enumeration('ActorKind', 'Who acts.', ['user', 'token', 'schedule', 'command']);

const idOf = ({ credential }: Actor, kind: Credential['kind']): string | null =>
  credential?.kind === kind ? credential.id : null;

const Me = builder.objectRef<Actor>('Me').implement({
  description: 'Who asks, and what they may.',
  fields: (t) => ({
    kind: t.field({ type: enumRef(ACTOR_KIND), description: 'Who acts.', resolve: ({ kind }) => kind }),
    actor: t.exposeString('label', { description: 'As the history names you, such as user:anna@example.org.' }),
    role: t.field({ type: enumRef(ROLE), description: 'What you may do.', resolve: ({ role }) => role }),
    scopes: t.stringList({
      nullable: true,
      description: 'The contexts whose rows you may see and change, such as research; null for all of them.',
      resolve: ({ scopes }) => (scopes === undefined ? null : [...scopes]),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When your session or token ends; null for never.',
      resolve: ({ credential }) => credential?.expiresAt,
    }),
    userId: t.id({
      nullable: true,
      description: 'The key of the user you are, or whose token this is; null of the start’s link and of scripts.',
      resolve: ({ credential }) => credential?.userId,
    }),
    sessionId: t.id({
      nullable: true,
      description: 'The session that this request came by; null with a token.',
      resolve: (actor) => idOf(actor, 'session'),
    }),
    tokenId: t.id({
      nullable: true,
      description: 'The token that this request came by; null with a session and with the settings’ token.',
      resolve: (actor) => idOf(actor, 'token'),
    }),
  }),
});

builder.queryField('me', (t) =>
  t.field({
    type: Me,
    description: 'Who asks, and what they may. Such as `{ me { actor role scopes } }`.',
    resolve: (_root, _given, { actor }) => actor,
  }),
);
