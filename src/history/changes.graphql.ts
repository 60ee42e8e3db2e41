import { builder } from '../graphql/builder.ts';
import { connectionOf } from '../graphql/connections.ts';
import { defineEntity, listArguments } from '../graphql/define-entity.ts';
import { rootList } from '../graphql/lists.ts';
import { pageSize } from '../graphql/page.ts';
import { visibleTables } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { auditedKey, changes, recordId } from './changes.read.ts';

const Change = defineEntity(changes);

builder.queryField('changes', (t) =>
  t.field({
    type: connectionOf(changes.type, Change).connection,
    description:
      'What happened to one row, the latest first. Such as `{ changes(table: "researches", key: "RSH-VID-001", first: 10) { nodes { operation actor changedAt newValues } } }`.',
    args: {
      ...listArguments(changes),
      table: t.arg.string({ required: true, description: 'The table’s name, such as researches.' }),
      key: t.arg.string({
        required: true,
        description:
          'The row’s business key; a JSON object where it has several columns, such as {"research_id": …, "video_id": …}.',
      }),
    },
    complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
    resolve: async (_root, { table, key, ...given }, context, info) => {
      const record = recordId(await auditedKey(context.reads.query, table), key);
      if (visibleTables(context)?.has(table) === false)
        throw new AppError('FORBIDDEN', `The table ${table} belongs to none of your scopes`, { path: 'table' });
      return rootList(context, changes, given, info, (alias, params) => {
        const isTable = `${alias}.table_name = ${params.add(table, 'text')}`;
        return `${isTable} AND ${alias}.record_id = ${params.add(record, 'text')}`;
      });
    },
  }),
);
