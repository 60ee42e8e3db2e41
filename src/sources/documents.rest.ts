import { restEntity } from '../rest/entity.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { documents } from './documents.read.ts';

export const documentEntity = restEntity(documents, '019a0b1c-2d3e-7f40-8a51-62738495a6b7');

export default readRoutes(documentEntity);
