import { mutate } from '../graphql/mutate.ts';
import { noRow } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { type RestRoute, restRoute } from '../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../rest/row-route.ts';
import { rowSchema } from '../rest/schemas.ts';
import { cancelJob, retryJob } from './jobs.write.ts';
import { jobEntity } from './rest-jobs.ts';

/** `POST /jobs/:job_id/cancel` and `/retry`: both may be sent twice. */
const changeRoute = (verb: 'cancel' | 'retry', change: typeof cancelJob, summary: string): RestRoute =>
  restRoute({
    method: 'POST',
    path: `${jobEntity.path}/:${jobEntity.key.name}/${verb}`,
    operationId: `${verb}Job`,
    tag: jobEntity.tag,
    summary,
    description: 'Your own; administrators anybody’s.',
    needs: { role: 'viewer' },
    params: keyParams(jobEntity),
    answers: {
      200: { description: 'The job as it is now.', content: { 'application/json': rowSchema(jobEntity) } },
      404: { description: 'There is none that you may see.' },
      409: { description: 'It is past that: it has ended already, or has not ended yet.' },
    },
    price: () => jobEntity.fields.size,
    answer: async (context, { params }) => {
      const key = keyOf(jobEntity, params);
      await mutate(context, ({ query }) => change(query, context.actor, key));
      const found = await loadRow(context, jobEntity, key);
      if (found === null) throw noRow(jobEntity, key);
      return { body: found.body };
    },
  });

export default [
  ...readRoutes(jobEntity),
  changeRoute(
    'cancel',
    cancelJob,
    'Cancels a job: one that waits at once, one that runs as soon as it lets go; of a sync, also the next one asked for while it ran',
  ),
  changeRoute('retry', retryJob, 'Queues a job again that failed or was cancelled'),
];
