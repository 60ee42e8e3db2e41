/** The routes by which rows of a type are read: their list, and one of them by its key. */
import { inWords } from '../graphql/entities.ts';
import type { RestEntity } from './entity.ts';
import { listRoute } from './list-route.ts';
import type { RestRoute } from './route.ts';
import { rowRoute } from './row-route.ts';

export const readRoutes = (entity: RestEntity): RestRoute[] => [
  listRoute(entity, {
    operationId: `list${entity.many}`,
    summary: `Lists ${inWords(entity.reads)}`,
    description: 'The newest first unless sorted otherwise. Every condition given holds.',
  }),
  rowRoute(entity),
];
