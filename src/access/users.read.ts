import type { User } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, many } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { ROLES } from '../kernel/actor.ts';
import { ACCESS_SCOPE } from './rights.ts';

const field = fieldsOf<User>();

export const ROLE = enumeration('Role', 'What somebody may do; each may also do what those before it may.', ROLES);

export const users: EntityReads = {
  type: 'User',
  scope: ACCESS_SCOPE,
  role: 'admin',
  plural: 'users',
  single: 'user',
  aggregated: false,
  table: 'users',
  key: 'userId',
  description: 'A person who may sign in.',
  fields: {
    userId: field.uuid('user_id', 'The key, a UUID.'),
    email: field.text('email', 'The e-mail address, in lower case; sign-in by a provider goes by it.'),
    name: field.text('name', 'What people call them.', { nullable: true }),
    role: field.enumeration('role', ROLE, 'What they may do.'),
    createdAt: field.dateTime('created_at', 'When the user was made.'),
    disabledAt: field.dateTime('disabled_at', 'Since when they may not sign in; null for who may.', { nullable: true }),
  },
  relations: {
    tokens: many('Token', 'user_id', 'Tokens that were made for them.'),
    sessions: many('Session', 'user_id', 'Browsers in which they are signed in.'),
  },
  needs: { scopes: ['scopes'] },
  order: [['createdAt', 'DESC']],
};
