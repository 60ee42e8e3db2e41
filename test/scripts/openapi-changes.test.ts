import { expect, test } from 'vitest';
import { changelogFaults } from '../../scripts/changelog.ts';
import { openapiChanges } from '../../scripts/openapi-changes.ts';

const VIDEO = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    title: { type: ['string', 'null'] },
    status: { type: 'string', enum: ['queued', 'failed'] },
  },
  required: ['id', 'status'],
};

const RELEASED = {
  paths: {
    '/videos': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 100 } },
          { name: 'status', in: 'query', schema: { type: 'string', enum: ['queued', 'failed'] } },
        ],
        responses: {
          200: {
            content: {
              'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Video' } } },
            },
          },
          404: { $ref: '#/components/responses/NotFound' },
        },
      },
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', properties: { title: { type: 'string' } }, additionalProperties: false },
            },
          },
        },
        responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Video' } } } } },
      },
    },
  },
  components: { schemas: { Video: VIDEO }, responses: { NotFound: { description: 'no' } } },
};

const released = JSON.stringify(RELEASED);
const after = (change: (document: typeof RELEASED) => void): string => {
  const document = structuredClone(RELEASED);
  change(document);
  return JSON.stringify(document);
};
const put = (target: object, name: string, value: unknown): void => void Reflect.set(target, name, value);
const take = (target: object, name: string): void => void Reflect.deleteProperty(target, name);

test.each<[string, (document: typeof RELEASED) => void, string]>([
  ['an operation is taken away', ({ paths }) => take(paths['/videos'], 'post'), 'POST /videos'],
  ['a parameter is taken away', ({ paths }) => paths['/videos'].get.parameters.pop(), 'GET /videos?status'],
  [
    'a parameter must be given',
    ({ paths }) => put(paths['/videos'].get.parameters[0] ?? {}, 'required', true),
    'GET /videos?limit',
  ],
  [
    'a parameter takes less',
    ({ paths }) => put(paths['/videos'].get.parameters[0]?.schema ?? {}, 'maximum', 50),
    'GET /videos?limit',
  ],
  [
    'a parameter takes fewer values',
    ({ paths }) => put(paths['/videos'].get.parameters[1]?.schema ?? {}, 'enum', ['queued']),
    'GET /videos?status',
  ],
  [
    'a status is not answered any more',
    ({ paths }) => take(paths['/videos'].get.responses, '404'),
    'GET /videos → 404',
  ],
  ['a field is taken away', ({ components }) => take(components.schemas.Video.properties, 'title'), 'REST Video.title'],
  ['a field may be missing', ({ components }) => void components.schemas.Video.required.pop(), 'REST Video.status'],
  [
    'a field may be null',
    ({ components }) => put(components.schemas.Video.properties.id, 'type', ['integer', 'null']),
    'REST Video.id',
  ],
  [
    'a body’s field is taken away',
    ({ paths }) => take(paths['/videos'].post.requestBody.content['application/json'].schema.properties, 'title'),
    'POST /videos body.title',
  ],
  [
    'a body asks for more',
    ({ paths }) => put(paths['/videos'].post.requestBody.content['application/json'].schema, 'required', ['title']),
    'POST /videos body.title',
  ],
  [
    'a type of body is taken away',
    ({ paths }) => take(paths['/videos'].post.requestBody.content, 'application/json'),
    'POST /videos body application/json',
  ],
])('when %s, the changelog must name the place', (_what, change, coordinate) => {
  const changes = openapiChanges(released, after(change));
  expect(changes.map((one) => one.coordinate)).toContain(coordinate);
  const [, ...lines] = changelogFaults(changes, '## Pending\n');
  expect(changelogFaults(changes, `## Pending\n\n### Breaking\n\n${lines.join('\n')}\n`)).toEqual([]);
});

test('what takes or tells more breaks nobody', () => {
  const more = after(({ paths, components }) => {
    put(paths['/videos'].get.parameters[0]?.schema ?? {}, 'maximum', 500);
    put(components.schemas.Video.properties, 'length', { type: 'integer' });
    put(components.schemas.Video.properties.title, 'type', 'string');
    put(paths['/videos'].get.responses, '429', { description: 'later' });
    put(paths, '/new', { get: { responses: {} } });
  });
  expect(openapiChanges(released, more)).toEqual([]);
});

test('a parameter that is described among the components is compared as in its place', () => {
  const referred = (maximum: number): string =>
    after(({ paths, components }) => {
      const { parameters } = paths['/videos'].get;
      put(components, 'parameters', { limit: { ...parameters[0], schema: { type: 'integer', maximum } } });
      put(parameters, '0', { $ref: '#/components/parameters/limit' });
    });
  expect(openapiChanges(released, referred(100))).toEqual([]);
  expect(openapiChanges(released, referred(50)).map(({ coordinate }) => coordinate)).toEqual(['GET /videos?limit']);
});
