import type { Session } from '../database/generated/client.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { type EntityReads, fieldsOf } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { hasRole, hasScope } from '../kernel/actor.ts';
import { ACCESS_SCOPE } from './rights.ts';
import { isOpen } from './sessions.ts';

const field = fieldsOf<Session>();

const METHOD = enumeration('SignInMethod', 'How somebody signed in: by a link, or by the OpenID provider.', [
  'link',
  'oidc',
]);

/** Whether the actor looks after everybody's sessions. */
export const mayManage = ({ actor }: Pick<GraphqlContext, 'actor'>): boolean =>
  hasRole(actor, 'admin') && hasScope(actor, ACCESS_SCOPE);

export const sessions: EntityReads = {
  type: 'Session',
  scope: ACCESS_SCOPE,
  // Tokens have labels of their own, so that a token that got lost tells of no session.
  limit: (context) => (alias, params) =>
    mayManage(context)
      ? isOpen(alias)
      : `${isOpen(alias)} AND ${alias}.label = ${params.add(context.actor.label, 'text')}`,
  plural: 'sessions',
  aggregated: false,
  table: 'sessions',
  key: 'sessionId',
  description: 'A browser in which somebody is signed in: your own ones, and everybody’s for administrators.',
  fields: {
    sessionId: field.uuid('session_id', 'The key, a UUID; no secret.'),
    actor: field.text('label', 'Who is signed in, as the history names them.'),
    method: field.enumeration('method', METHOD, 'How they signed in.'),
    userAgent: field.text('user_agent', 'What the browser calls itself.', { nullable: true }),
    createdAt: field.dateTime('created_at', 'When they signed in.'),
    lastSeenAt: field.dateTime('last_seen_at', 'When it was last used, to the minute; unused for 12 hours it ends.'),
    expiresAt: field.dateTime('expires_at', 'When it ends in any case.'),
  },
  relations: {},
  needs: { isCurrent: [] },
  order: [['lastSeenAt', 'DESC']],
};
