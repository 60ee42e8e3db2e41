import Type, { type Static } from 'typebox';
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import type { RouteAnswer } from '../http/route.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { noRow } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { restRoute } from '../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../rest/row-route.ts';
import { rowSchema } from '../rest/schemas.ts';
import { readAsked } from './asked.ts';
import { exporterSlot } from './exporter.ts';
import { exports } from './exports.read.ts';
import { FORMAT_NAMES } from './formats.ts';
import { linkOf } from './links.ts';
import { exportEntity } from './rest-exports.ts';
import { enqueueExport, requirePossible } from './start.ts';

const FORMAT = Type.Unsafe<string>({
  type: 'string',
  enum: [...FORMAT_NAMES],
  description: 'What it is written as; CSV unless given, of a saved export its own.',
  examples: ['csv'],
});

const OPTIONS = Type.Object(
  {
    bom: Type.Optional(Type.Boolean({ description: 'CSV: a mark that tells spreadsheets it is UTF-8.' })),
    delimiter: Type.Optional(Type.String({ description: 'CSV: what separates cells.' })),
    escape_formulas: Type.Optional(
      Type.Boolean({ description: 'CSV and Excel: texts that a spreadsheet would run become plain text.' }),
    ),
  },
  { additionalProperties: false },
);

export const START_EXPORT = Type.Object(
  {
    source: Type.Optional(Type.String({ description: 'A dataset, a list or a query.', examples: ['videos'] })),
    saved: Type.Optional(Type.String({ description: 'The name of a saved export, in place of a source.' })),
    format: Type.Optional(FORMAT),
    where: Type.Optional(
      Type.Unsafe<unknown>({ description: 'Only rows like this: what the list takes in GraphQL as `where`.' }),
    ),
    order_by: Type.Optional(
      Type.Unsafe<unknown>({ description: 'In this order: what the list takes in GraphQL as `orderBy`.' }),
    ),
    fields: Type.Optional(Type.Array(Type.String(), { description: 'Only these columns.' })),
    first: Type.Optional(Type.Integer({ minimum: 1, description: 'Only so many rows.' })),
    options: Type.Optional(OPTIONS),
  },
  { additionalProperties: false, examples: [{ source: 'researches', format: 'csv' }] },
);

async function start(
  context: GraphqlContext,
  { order_by: orderBy, options, ...given }: Static<typeof START_EXPORT>,
  pathname: string,
): Promise<RouteAnswer> {
  const exporter = exporterSlot.get(context);
  const { request, name } = await readAsked(context.reads.query, exporter, {
    ...given,
    orderBy,
    options: options && { ...options, escapeFormulas: options.escape_formulas },
  });
  await requirePossible(context, exporter, request);
  const exportId = await mutate(
    context,
    ({ query }) => enqueueExport(query, context, uuidv7(), request, name),
    'startExport',
  );
  const found = await loadRow(context, exportEntity, exportId);
  if (found === null) throw noRow(exportEntity, exportId);
  return { status: 202, body: found.body, headers: { location: `${pathname}/${exportId}` } };
}

export default [
  ...readRoutes(exportEntity),
  restRoute({
    method: 'GET',
    path: `${exportEntity.path}/:${exportEntity.key.name}/link`,
    operationId: 'linkExport',
    tag: exportEntity.tag,
    summary: 'Where the file of a finished export is fetched',
    description:
      'For whoever asked for the export, and for administrators where its rows are not private to others. The address works for whoever asked for it alone and lasts an hour; the file is kept for a day.',
    needs: { role: 'viewer' },
    params: keyParams(exportEntity),
    answers: {
      200: {
        description: 'The address.',
        content: {
          'application/json': Type.Object(
            {
              url: Type.String({ description: 'The address.' }),
              expires_at: Type.String({ format: 'date-time', description: 'When it ends.' }),
            },
            { additionalProperties: false },
          ),
        },
      },
      404: { description: 'There is no such export that you may see, or no file yet, or no more.' },
    },
    answer: async (context, { params }) => {
      const key = keyOf(exportEntity, params);
      const row = await loadByKey(context, exports, key, ['export_id', 'file_id']);
      const link = row && (await linkOf(context, row));
      if (link === null) {
        throw new AppError('NOT_FOUND', 'There is no file of such an export', {
          hint: 'It is there once the export is completed, and for a day. Ask for the export again.',
        });
      }
      return {
        body: JSON.stringify({ url: link.path, expires_at: link.expiresAt.toISOString() }),
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  restRoute({
    method: 'POST',
    path: exportEntity.path,
    operationId: 'startExport',
    tag: exportEntity.tag,
    summary: 'Asks for an export, which a job writes',
    description: 'The answer names the job; once it is completed, `/exports/{export_id}/link` tells where the file is.',
    needs: { role: 'viewer' },
    body: { schema: START_EXPORT, description: 'What is exported, and how.' },
    headers: IDEMPOTENCY_HEADER,
    answers: {
      202: {
        description: 'The export as it was noted.',
        content: { 'application/json': rowSchema(exportEntity) },
        headers: { location: { description: 'Where it tells how far it is.' } },
      },
      404: { description: 'There is nothing of this name.' },
    },
    price: () => exportEntity.fields.size,
    answer: (context, asked) => answerOnce(context, asked, () => start(context, asked.body, asked.url.pathname)),
  }),
];
