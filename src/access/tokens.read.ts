import type { Token } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ACCESS_SCOPE } from './rights.ts';
import { ROLE } from './users.read.ts';

const field = fieldsOf<Token>();

export const tokens: EntityReads = {
  type: 'Token',
  scope: ACCESS_SCOPE,
  role: 'admin',
  plural: 'tokens',
  aggregated: false,
  table: 'tokens',
  key: 'tokenId',
  description: 'A bearer token for scripts. The token itself is shown once, when it is made.',
  fields: {
    tokenId: field.uuid('token_id', 'The key, a UUID; no secret.'),
    name: field.text('name', 'What the history calls whoever uses it.'),
    role: field.enumeration('role', ROLE, 'What it may do; no more than the user for whom it was made.'),
    prefix: field.text('prefix', 'Its first characters, to recognise it by.'),
    createdBy: field.text('created_by', 'Who made it.'),
    createdAt: field.dateTime('created_at', 'When it was made.'),
    expiresAt: field.dateTime('expires_at', 'When it ends; null for never.', { nullable: true }),
    lastUsedAt: field.dateTime('last_used_at', 'When it was last used, to the minute.', { nullable: true }),
    revokedAt: field.dateTime('revoked_at', 'When it was revoked; null of one that opens.', { nullable: true }),
  },
  relations: { user: one('User', 'user_id', 'For whom it was made; null of a script’s own.') },
  needs: { scopes: ['scopes'] },
  order: [['createdAt', 'DESC']],
};
