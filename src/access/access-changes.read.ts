import type { AccessLog } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { ACCESS_SCOPE } from './rights.ts';

const field = fieldsOf<AccessLog>();

const TABLE = enumeration('AccessTable', 'What rights hang on.', ['users', 'tokens', 'sessions']);
const OPERATION = enumeration('AccessOperation', 'What happened to it.', ['insert', 'update', 'delete']);

export const accessChanges: EntityReads = {
  type: 'AccessChange',
  scope: ACCESS_SCOPE,
  role: 'admin',
  plural: 'accessChanges',
  words: 'changes of access',
  aggregated: false,
  table: 'access_log',
  key: 'changeId',
  description: 'Who gave, changed and took rights, and who signed in: one change of a user, a token or a session.',
  fields: {
    changeId: field.bigint('id', 'The number of the change; a later one has a higher number.'),
    table: field.enumeration('table_name', TABLE, 'What was changed.'),
    key: field.id('record_id', 'The id of the user, token or session.'),
    operation: field.enumeration('operation', OPERATION, 'What happened.'),
    actor: field.id('changed_by', 'Who did it, such as user:anna@example.org.'),
    changedAt: field.dateTime('changed_at', 'When it happened.'),
    oldValues: field.json('old_values', 'Before, by column; never a secret or its hash.', { nullable: true }),
    newValues: field.json('new_values', 'After, by column; never a secret or its hash.', { nullable: true }),
  },
  relations: {},
  order: [['changeId', 'DESC']],
};
