import Type from 'typebox';
import { mutate } from '../../graphql/mutate.ts';
import { restRoute } from '../../rest/route.ts';
import { keyOf, keyParams } from '../../rest/row-route.ts';
import { sourceEntity } from '../rest-entities.ts';
import { transformations } from './transformations.read.ts';
import { orderTransformations } from './transformations.write.ts';

const ORDER = Type.Object(
  {
    transformation_ids: Type.Array(Type.String({ format: 'uuid' }), {
      description: 'All of the source’s, each once, the first first.',
      maxItems: 100,
    }),
  },
  { additionalProperties: false, examples: [{ transformation_ids: [sourceEntity.example] }] },
);

export default [
  restRoute({
    tag: sourceEntity.tag,
    needs: { role: 'editor', scope: transformations.scope },
    method: 'PUT',
    path: `${sourceEntity.path}/:${sourceEntity.key.name}/transformation-order`,
    params: keyParams(sourceEntity),
    operationId: 'reorderTransformations',
    summary: 'Puts the transformations of a source into an order',
    description: 'What changes with it is imported anew by the next sync.',
    body: { schema: ORDER, description: 'Their keys.' },
    answers: {
      200: { description: 'The order as it is now.', content: { 'application/json': ORDER } },
      400: { description: 'These are not all of them, each once.' },
      403: { description: 'It is somebody else’s source, or your role is too low.' },
      404: { description: 'There is none that you may see.' },
    },
    answer: async (context, { params, body }) => {
      const { transformation_ids: keys } = body;
      await mutate(context, ({ query }) =>
        orderTransformations(query, context.actor, keyOf(sourceEntity, params), keys),
      );
      return { body: JSON.stringify({ transformation_ids: keys }) };
    },
  }),
];
