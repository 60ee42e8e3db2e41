import Type, { type Static } from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import { AppError } from '../kernel/errors.ts';
import { restRoute } from '../rest/route.ts';
import { readAsked } from './asked.ts';
import { exporterSlot } from './exporter.ts';
import { START_EXPORT } from './exports.rest.ts';
import { deleteSaved, findSaved, listSaved, requireRunnable, type SavedExport, saveExport } from './saved.ts';
import { requirePossible } from './start.ts';

const TAG = 'Exports';
const NAME = Type.Object({
  name: Type.String({ description: 'The name of the export.', examples: ['researches_latest'] }),
});
const OPTIONAL_TEXT = Type.Unsafe<string | null>({ type: ['string', 'null'] });

const SAVED = Type.Object(
  {
    name: Type.String({ description: 'Its name, also that of its file.' }),
    description: Type.String({ description: 'What it is for.' }),
    source: Type.String({ description: 'The dataset, list or query whose rows it has.' }),
    format: Type.String({ description: 'What it is written as.' }),
    request: Type.Unsafe<unknown>({ description: 'Which rows and columns: where, orderBy, fields, first, options.' }),
    owner: OPTIONAL_TEXT,
    is_shared: Type.Boolean({
      description: 'Whether everybody sees and runs it, each with their own rights; else it is whose it is alone.',
    }),
    updated_at: OPTIONAL_TEXT,
  },
  { additionalProperties: false },
);

const { saved: _saved, source: _source, ...CHOICES } = START_EXPORT.properties;
const SAVE = Type.Object(
  {
    ...CHOICES,
    source: Type.String({ description: 'A dataset, a list or a query.', examples: ['videos'] }),
    description: Type.Optional(Type.String({ description: 'What it is for.' })),
    is_shared: Type.Optional(
      Type.Boolean({
        description:
          'Whether everybody sees what it asks for and runs it. Yours alone unless given; saved again it stays as it was unless given.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ source: 'researches', format: 'json', first: 100 }] },
);

const shown = ({
  name,
  description,
  source,
  format,
  owner,
  isShared,
  updatedAt,
  ...saved
}: SavedExport): Static<typeof SAVED> => {
  const { where, orderBy, fields, first, options } = saved;
  const request = { where, orderBy, fields, first, options };
  return {
    name,
    description,
    source,
    format,
    request,
    owner,
    is_shared: isShared,
    updated_at: updatedAt?.toISOString() ?? null,
  };
};

const noSaved = (name: string): AppError =>
  new AppError('NOT_FOUND', `There is no saved export ${JSON.stringify(name.slice(0, 100))}`);

async function loadSaved(context: GraphqlContext, name: string): Promise<SavedExport> {
  const catalogue = await exporterSlot.get(context).catalogue();
  const found = await findSaved(context.reads.query, catalogue, name);
  if (found === undefined) throw noSaved(name);
  requireRunnable(context, catalogue, found);
  return found;
}

const ONE = { description: 'The export.', content: { 'application/json': SAVED } };
const NONE = { description: 'There is none of this name.' };
const OTHERS = { description: 'Somebody else shares it.' };
const UNSEEN = { description: 'Somebody shares it, and its rows are not yours to see.' };

export default [
  restRoute({
    method: 'GET',
    path: '/saved-exports',
    operationId: 'listSavedExports',
    tag: TAG,
    summary: 'Lists exports that have a name',
    description: 'Of one name your own, then what somebody shares, then what comes with Cairn.',
    answers: {
      200: {
        description: 'All that you may run, by name.',
        content: {
          'application/json': Type.Object({ data: Type.Array(SAVED) }, { additionalProperties: false }),
        },
      },
    },
    answer: async (context) => {
      const saved = await listSaved(context, await exporterSlot.get(context).catalogue());
      return { body: JSON.stringify({ data: saved.map(shown) }) };
    },
  }),
  restRoute({
    method: 'GET',
    path: '/saved-exports/:name',
    operationId: 'getSavedExport',
    tag: TAG,
    summary: 'One export that has a name',
    params: NAME,
    answers: { 200: ONE, 403: UNSEEN, 404: NONE },
    answer: async (context, { params }) => ({ body: JSON.stringify(shown(await loadSaved(context, params.name))) }),
  }),
  restRoute({
    method: 'PUT',
    path: '/saved-exports/:name',
    operationId: 'putSavedExport',
    tag: TAG,
    summary: 'Gives an export a name',
    description: 'It is yours alone, also before admins, or with `is_shared` for everybody to run.',
    needs: { role: 'editor' },
    params: NAME,
    body: { schema: SAVE, description: 'The export.' },
    answers: { 200: ONE, 403: OTHERS, 404: { description: 'There is no such source.' } },
    answer: async (context, { params, body }) => {
      const exporter = exporterSlot.get(context);
      const { order_by: orderBy, is_shared: isShared, description = '', options, ...asked } = body;
      const { request } = await readAsked(context.reads.query, exporter, {
        ...asked,
        orderBy,
        options: options && { ...options, escapeFormulas: options.escape_formulas },
      });
      await requirePossible(context, exporter, request);
      const catalogue = await exporter.catalogue();
      const saved = await mutate(context, ({ query }) =>
        saveExport(query, catalogue, context.actor, { ...request, name: params.name, isShared, description }),
      );
      return { body: JSON.stringify(shown(saved)) };
    },
  }),
  restRoute({
    method: 'DELETE',
    path: '/saved-exports/:name',
    operationId: 'deleteSavedExport',
    tag: TAG,
    summary: 'Forgets what was saved under a name',
    description:
      'Yours, or, for administrators, what somebody else shares. What is shared or comes with Cairn under that name has it again.',
    needs: { role: 'editor' },
    params: NAME,
    answers: { 204: { description: 'It is forgotten.' }, 403: OTHERS, 404: NONE },
    answer: async (context, { params }) => {
      const isGone = await mutate(context, ({ query }) => deleteSaved(query, context.actor, params.name));
      if (!isGone) throw noSaved(params.name);
      return { status: 204 };
    },
  }),
];
