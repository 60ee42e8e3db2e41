import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { mutate } from '../graphql/mutate.ts';
import { textOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { requireRight } from '../kernel/rights.ts';
import { ACCESS_SCOPE } from './rights.ts';
import { mayManage, sessions } from './sessions.read.ts';
import { endOwnSessions, endSession, endSessionsOf } from './sessions.write.ts';
import { createUserCode, signInLink } from './sign-in.ts';
import { siteSlot } from './site.ts';
import { lockUser } from './users.write.ts';

const Session = defineEntity(sessions);

builder.objectField(Session, 'isCurrent', (t) =>
  t.boolean({
    description: 'Whether this request came by it.',
    resolve: (row, _given, { actor }) => textOf(row, 'session_id') === actor.credential?.id,
  }),
);

interface Link {
  readonly link: string;
  readonly expiresAt: Date;
}

const SignInLinkPayload = builder.objectRef<Link>('SignInLinkPayload').implement({
  description: 'A link that signs one browser in as a user.',
  fields: (t) => ({
    link: t.exposeString('link', { description: 'The address to open: once. Shown this once, and a secret.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it ends unused.', resolve: (made) => made.expiresAt }),
  }),
});

const EndedSessions = builder.objectRef<{ readonly ended: number }>('EndedSessions').implement({
  description: 'What was ended.',
  fields: (t) => ({ ended: t.exposeInt('ended', { description: 'How many sessions were ended.' }) }),
});

const ANYBODY = { role: 'viewer' } as const;
const ADMIN = { role: 'admin', scope: ACCESS_SCOPE } as const;

builder.mutationFields((t) => ({
  createSignInLink: t.field({
    needs: ADMIN,
    type: SignInLinkPayload,
    description:
      'Makes a link that signs one browser in as a user: for 15 minutes, and once. Such as `mutation ($user: ID!) { createSignInLink(userId: $user) { link expiresAt } }`.',
    args: { userId: t.arg.id({ required: true, description: 'The key of the user.' }) },
    resolve: async (_root, { userId }, context) => {
      const { code, expiresAt } = await mutate(context, async (session) => {
        const user = await lockUser(session, context.actor, userId);
        if (user.disabled_at === null) return createUserCode(session.query, userId);
        throw new AppError('CONFLICT', 'This user is disabled', { path: 'userId', hint: 'Enable the user first.' });
      });
      return { link: signInLink(siteSlot.get(context).baseUrl(), code), expiresAt };
    },
  }),
  endSession: t.field({
    needs: ANYBODY,
    extensions: { repeatable: true },
    type: EndedSessions,
    description:
      'Ends one of your sessions; administrators end anybody’s. Such as `mutation ($session: ID!) { endSession(sessionId: $session) { ended } }`.',
    args: { sessionId: t.arg.id({ required: true, description: 'The key of the session.' }) },
    resolve: async (_root, { sessionId }, context, info) => {
      const whose = mayManage(context) ? 'everybody' : { label: context.actor.label };
      await mutate(context, ({ query }) => endSession(query, whose, sessionId), info);
      return { ended: 1 };
    },
  }),
  endAllSessions: t.field({
    needs: ANYBODY,
    extensions: { repeatable: true },
    type: EndedSessions,
    description:
      'Ends all of your sessions, this one included; administrators may name a user whose they end. Such as `mutation { endAllSessions { ended } }`.',
    args: { userId: t.arg.id({ description: 'The key of the user; yourself unless given.' }) },
    resolve: async (_root, { userId }, context, info) => {
      if (userId == null) {
        return { ended: await mutate(context, ({ query }) => endOwnSessions(query, context.actor), info) };
      }
      requireRight(context, ADMIN);
      const ended = await mutate(
        context,
        async (session) => {
          await lockUser(session, context.actor, userId);
          return endSessionsOf(session.query, userId);
        },
        info,
      );
      return { ended };
    },
  }),
  signOut: t.field({
    needs: ANYBODY,
    extensions: { repeatable: true },
    type: EndedSessions,
    description:
      'Ends the session that this request came by; with a token there is none. Such as `mutation { signOut { ended } }`.',
    resolve: async (_root, _given, context, info) => {
      const { credential, label } = context.actor;
      if (credential?.kind !== 'session') return { ended: 0 };
      await mutate(context, ({ query }) => endSession(query, { label }, credential.id), info);
      return { ended: 1 };
    },
  }),
}));
