/** One operation of an OpenAPI document. */
import type { TObject, TSchema } from 'typebox';
import { rightInWords } from '../../kernel/rights.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import { type AnswerDeclaration, type BodyDeclaration, isStreamed, type RouteFacts } from '../route-facts.ts';
import type { Components, Json } from './components.ts';
import { exampleOf } from './example.ts';
import { PROBLEM, problemRef, problemsOf } from './problems.ts';

/** The operation object of a route. */
export function operationOf(route: RouteFacts, components: Components): Json {
  const { operationId, tag, summary, body } = route;
  const parameters = [
    ...parametersOf('path', route.params, components),
    ...parametersOf('query', route.query, components),
    ...headersOf(route, components),
  ];
  return {
    operationId,
    tags: [tag],
    summary,
    description: describe(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: bodyOf(body, components) }),
    responses: responsesOf(route, components),
  };
}

function describe({ summary, description, needs, aliases = [] }: RouteFacts): string {
  const also = aliases.map((alias) => `Also at \`${openapiPath(alias)}\`.`);
  return [description ?? `${summary}.`, needs && rightInWords(needs), ...also].filter(Boolean).join('\n\n');
}

/** A route's path as OpenAPI writes it: `/researches/{research_id}`. */
export const openapiPath = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, '');

function parametersOf(place: 'path' | 'query', declared: TObject | undefined, components: Components): Json[] {
  const required: readonly unknown[] = declared?.required ?? [];
  return Object.entries(declared?.properties ?? {}).map(([name, schema]) =>
    parameter(name, place, schema, place === 'path' || required.includes(name), components),
  );
}

function headersOf({ headers = {} }: RouteFacts, components: Components): Json[] {
  return Object.entries(headers).map(([name, { description, schema }]) =>
    parameter(name, 'header', { ...schema, description }, false, components),
  );
}

/** A schema's name (`$id`) is here that of the parameter. */
function parameter(name: string, place: string, schema: TSchema, required: boolean, components: Components): Json {
  const { $id: _name, ...unnamed }: TSchema & { readonly $id?: unknown } = schema;
  const { description, examples: _shown, ...rest } = components.refer(unnamed);
  const example = exampleOf(schema);
  return components.referParameter(parameterName(schema), {
    name,
    in: place,
    ...(required && { required }),
    ...(description !== undefined && { description }),
    schema: rest,
    ...(example !== undefined && { example }),
  });
}

function parameterName(schema: TSchema): string | undefined {
  const name: unknown = Reflect.get(schema, '$id');
  return typeof name === 'string' ? name : undefined;
}

/** The names of parameters that several routes take. What only one takes is described in its place. */
export function sharedParameters(routes: readonly RouteFacts[]): Set<string> {
  const named = routes.flatMap(({ params, query, headers = {} }) =>
    [
      ...Object.values(params?.properties ?? {}),
      ...Object.values(query?.properties ?? {}),
      ...Object.values(headers).map(({ schema }) => schema),
    ].map(parameterName),
  );
  const known = new Set<string>();
  const shared = new Set<string>();
  for (const name of named) {
    if (name !== undefined) (known.has(name) ? shared : known).add(name);
  }
  return shared;
}

function bodyOf(body: BodyDeclaration, components: Components): Json {
  const content = isStreamed(body)
    ? Object.fromEntries(
        Object.entries(body.streamed).map(([type, { schema, description }]) => [
          type,
          { schema: { ...(schema && components.refer(schema)), ...(description !== undefined && { description }) } },
        ]),
      )
    : { 'application/json': { schema: components.refer(body.schema) } };
  const required = isStreamed(body) || body.optional !== true;
  return { required, ...(body.description !== undefined && { description: body.description }), content };
}

function responsesOf(route: RouteFacts, components: Components): Json {
  const declared = Object.entries(route.answers).map(([status, answer]): [string, object] => [
    status,
    responseOf(Number(status), answer, components),
  ]);
  const own = new Set(declared.map(([status]) => Number(status)));
  const problems = problemsOf(route).filter((status) => !own.has(status));
  const unchanged = route.method === 'GET' && own.has(200) && !own.has(304);
  const all: [string, object][] = [
    ...declared,
    ...(unchanged
      ? [['304', { description: 'What If-None-Match names is still what it is.' }] as [string, object]]
      : []),
    ...problems.map((status): [string, object] => [String(status), problemRef(status)]),
  ];
  return Object.fromEntries(all.sort(([a], [b]) => Number(a) - Number(b)));
}

function responseOf(
  status: number,
  { description, content, headers }: AnswerDeclaration,
  components: Components,
): Json {
  // An error that a route tells of by its status alone is a problem like the others.
  const shown = content ?? (status >= 400 ? { [PROBLEM_TYPE]: PROBLEM } : undefined);
  return {
    description,
    ...(headers !== undefined && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, header]) => [
          name,
          { description: header.description, schema: components.refer(header.schema ?? { type: 'string' }) },
        ]),
      ),
    }),
    ...(shown !== undefined && {
      content: Object.fromEntries(
        Object.entries(shown).map(([type, schema]) => [type, { schema: components.refer(schema) }]),
      ),
    }),
  };
}
