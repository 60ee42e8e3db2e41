/** The OpenAPI 3.1 document of a set of routes. */
import type { RouteFacts } from '../route-facts.ts';
import { collectComponents, type Json } from './components.ts';
import { openapiPath, operationOf, sharedParameters } from './operation.ts';
import { PROBLEM, problemResponses } from './problems.ts';

export interface OpenapiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Below which the routes' paths are, such as `/api/v1`. */
  readonly root: string;
}

/**
 * The document; paths sorted, operations of one path in the order of their methods.
 * @throws AppError DECLARATION_INVALID when one name stands for two schemas or two parameters
 */
export function openapiOf(routes: readonly RouteFacts[], { title, version, description, root }: OpenapiInfo): Json {
  const components = collectComponents(sharedParameters(routes));
  const problem = components.refer(PROBLEM);
  const paths: Record<string, Json> = {};
  for (const route of routes.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const path = openapiPath(`${root}${route.path}`);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    servers: [{ url: '/', description: 'This server.' }],
    tags: tags.map((name) => ({ name })),
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token: `Authorization: Bearer TOKEN`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cairn_session',
          description:
            'A signed-in browser; over HTTPS the cookie is called __Host-cairn_session. Writes also need the header `x-cairn-csrf: 1`.',
        },
      },
      parameters: components.parameters(),
      responses: problemResponses(problem),
      schemas: components.schemas(),
    },
  };
}
