import Type from 'typebox';
import { loadByKey } from '../graphql/batches.ts';
import { rightToSee } from '../graphql/visible.ts';
import { noRow } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { restRoute } from '../rest/route.ts';
import { keyOf, keyParams } from '../rest/row-route.ts';
import { loadRaw, rejects } from './rejects.read.ts';
import { rejectEntity } from './rest-rejects.ts';

const DEFAULT_LENGTH = 65_536;
const MOST_LENGTH = 1_048_576;

const rawRoute = restRoute({
  method: 'GET',
  path: '/rejects/:id/raw',
  operationId: 'getRejectRaw',
  tag: rejectEntity.tag,
  summary: 'The record as the file has it, read in the file’s encoding',
  needs: rightToSee(rejects),
  params: keyParams(rejectEntity),
  query: Type.Object({
    max_length: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_LENGTH, default: DEFAULT_LENGTH, description: 'Characters at most.' }),
    ),
  }),
  answers: {
    200: { description: 'The text.', content: { 'text/plain': Type.String() } },
    404: { description: 'There is none that you may see.' },
  },
  answer: async (context, { params, query }) => {
    const key = keyOf(rejectEntity, params);
    const row = await loadByKey(context, rejects, key, ['encoding', 'id']);
    if (row === null) throw noRow(rejectEntity, key);
    return { type: 'text/plain; charset=utf-8', body: await loadRaw(context, row, query.max_length ?? DEFAULT_LENGTH) };
  },
});

export default [...readRoutes(rejectEntity), rawRoute];
