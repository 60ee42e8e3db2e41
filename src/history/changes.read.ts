import type { ChangeLog } from '../database/generated/client.ts';
import type { Query } from '../database/session.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { visibleTables } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';

const field = fieldsOf<ChangeLog>();

const OPERATION = enumeration('ChangeOperation', 'What happened to a row.', ['insert', 'update', 'delete']);

export const changes: EntityReads = {
  type: 'Change',
  scope: 'history',
  limit: (context) => {
    const tables = visibleTables(context);
    return tables && ((alias, params) => `${alias}.table_name = ANY(${params.add([...tables], 'text[]')})`);
  },
  plural: 'changes',
  listed: false,
  table: 'change_log',
  key: 'changeId',
  description: 'One insert, update or delete of one row.',
  fields: {
    changeId: field.bigint('id', 'The number of the change; a later one has a higher number.'),
    table: field.id('table_name', 'The table of the row.'),
    key: field.id('record_id', 'The row’s business key; a JSON object as text where it has several columns.'),
    operation: field.enumeration('operation', OPERATION, 'What happened.'),
    actor: field.id('changed_by', 'Who did it, such as user:anna@example.org or token:nightly.'),
    changedAt: field.dateTime('changed_at', 'When it happened.'),
    oldValues: field.json('old_values', 'Before, by column: of an update what differs, of a delete the whole row.', {
      nullable: true,
    }),
    newValues: field.json('new_values', 'After, by column: of an update what differs, of an insert the whole row.', {
      nullable: true,
    }),
    importId: field.uuid('import_id', 'The import that caused it; null when a person did.', { nullable: true }),
    line: field.integer('line', 'The line of that import’s file.', { nullable: true }),
  },
  relations: { import: one('Import', 'import_id', 'The import that caused it; null when a person did.') },
  order: [['changeId', 'DESC']],
};

/**
 * The key columns of a table whose changes are kept, as its trigger has them.
 * @throws AppError BAD_USER_INPUT when no table of this name is watched
 */
export async function auditedKey(query: Query, table: string): Promise<readonly string[]> {
  const [row] = await query<{ columns: string }>(
    'key of an audited table',
    `SELECT split_part(encode(t.tgargs, 'escape'), '\\000', 1) AS columns
       FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relname = $1 AND c.relnamespace = 'public'::regnamespace AND t.tgname = 'log_insert'`,
    [table],
  );
  if (row !== undefined) return row.columns.split(',');
  throw new AppError('BAD_USER_INPUT', `There is no table ${table} whose changes are kept`, {
    path: 'table',
    hint: 'Use the name of the table, such as researches or research_videos.',
  });
}

/**
 * A business key as the change log writes it. A key of several columns is a JSON object, in any order and spacing.
 * @throws AppError BAD_USER_INPUT
 */
export function recordId(columns: readonly string[], key: string): string {
  if (columns.length === 1) return key;
  const given = parseObject(key);
  const parts = columns.map((column) => {
    const value = given?.[column];
    return typeof value === 'string' || typeof value === 'number'
      ? `${JSON.stringify(column)} : ${JSON.stringify(value)}`
      : undefined;
  });
  if (given !== undefined && Object.keys(given).length === columns.length && !parts.includes(undefined)) {
    return `{${parts.join(', ')}}`;
  }
  throw new AppError('BAD_USER_INPUT', `The key of this table is a JSON object of ${columns.join(' and ')}`, {
    path: 'key',
    hint: `Such as {${columns.map((column) => `"${column}": …`).join(', ')}}.`,
  });
}

function parseObject(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
