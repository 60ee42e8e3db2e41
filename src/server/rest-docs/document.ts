/** What the REST API says of itself: its first address, and its OpenAPI document. */
import Type from 'typebox';
import { openapiOf } from '../../http/openapi/openapi.ts';
import { openapiPath } from '../../http/openapi/operation.ts';
import { type RestRoute, restRoute } from '../../rest/route.ts';
import { REST_ROOT } from '../rest-routes.ts';

const DESCRIPTION = `Cairn over REST: the rows, rights and field names that GraphQL has, as JSON under the names of the tables' columns.

Lists come in pages: \`limit\` and \`cursor\` or \`offset\`, with the header Link to the next one. Answers carry an ETag; sent back as If-None-Match it
saves the answer, and as If-Match it keeps a write from overwriting another's. Errors are problem details (RFC 9457) whose \`code\` is GraphQL's.`;

const INDEX = Type.Object(
  {
    name: Type.String({ description: 'Always Cairn.' }),
    version: Type.String({ description: 'The release that answers.' }),
    documentation: Type.String({ description: 'Where people read and try every operation.' }),
    openapi: Type.String({ description: 'The same for programs.' }),
    resources: Type.Array(
      Type.Object(
        {
          tag: Type.String({ description: 'What the operations are about.' }),
          operations: Type.Array(Type.String(), { description: 'Such as `GET /api/v1/me`.' }),
        },
        { additionalProperties: false },
      ),
      { description: 'What there is.' },
    ),
  },
  { $id: 'Index', description: 'What this API offers.', additionalProperties: false },
);

/** The routes with those that tell of them, as the server mounts them and the document lists them. */
export function withDocument(routes: readonly RestRoute[], version: string): readonly RestRoute[] {
  const own: RestRoute[] = [
    restRoute({
      method: 'GET',
      path: '/',
      operationId: 'getIndex',
      tag: 'API',
      summary: 'What this API offers',
      answers: { 200: { description: 'Every resource with its operations.', content: { 'application/json': INDEX } } },
      lane: 'none',
      answer: () => ({ body: JSON.stringify(indexOf(all, version)) }),
    }),
    restRoute({
      method: 'GET',
      path: '/openapi.json',
      operationId: 'getOpenapi',
      tag: 'API',
      summary: 'This API as an OpenAPI 3.1 document',
      answers: {
        200: {
          description: 'The document.',
          content: { 'application/json': Type.Object({}, { description: 'An OpenAPI document.' }) },
        },
      },
      lane: 'none',
      answer: () => {
        text ??= JSON.stringify(openapiDocument(all, version));
        return { body: text };
      },
    }),
  ];
  const all = [...own, ...routes];
  let text: string | undefined;
  return all;
}

/** The OpenAPI document of routes that tell of themselves already. */
export function openapiDocument(routes: readonly RestRoute[], version: string): Record<string, unknown> {
  return openapiOf(routes, { title: 'Cairn', version, description: DESCRIPTION, root: REST_ROOT });
}

function indexOf(routes: readonly RestRoute[], version: string) {
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return {
    name: 'Cairn',
    version,
    documentation: `${REST_ROOT}/docs`,
    openapi: `${REST_ROOT}/openapi.json`,
    resources: tags.map((tag) => ({
      tag,
      operations: routes
        .filter((route) => route.tag === tag)
        .map(({ method, path }) => `${method} ${openapiPath(`${REST_ROOT}${path}`)}`),
    })),
  };
}
