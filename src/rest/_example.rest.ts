/** A route as every `*.rest.ts` file declares them. Compiled and tried by the tests; never served. */
import Type from 'typebox';
import { restRoute } from './route.ts';

const CAIRN = Type.Object(
  {
    height: Type.Integer({ description: 'Of how many stones it is made.' }),
    place: Type.String({ description: 'Where it stands.' }),
  },
  { $id: 'ExampleCairn', description: 'A pile of stones that marks a way.', additionalProperties: false },
);

export default restRoute({
  method: 'GET',
  path: '/cairns/:place',
  operationId: 'getCairn',
  tag: 'Cairns',
  summary: 'One cairn',
  needs: { role: 'viewer' },
  params: Type.Object({ place: Type.String({ description: 'Where it stands.', examples: ['summit'] }) }),
  query: Type.Object({
    height: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Stones on it.', examples: [3] })),
  }),
  answers: { 200: { description: 'The cairn.', content: { 'application/json': CAIRN } } },
  lane: 'none',
  answer: (_context, { params: { place }, query: { height = 1 } }) => ({ body: JSON.stringify({ height, place }) }),
});
