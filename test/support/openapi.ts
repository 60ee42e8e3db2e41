/** Requests made from an OpenAPI document: each operation by its own examples. */

import { resolve } from '../../scripts/openapi-schema-changes.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  /** Of the operation in the document. */
  readonly pointer: string;
  readonly parameters: readonly Json[];
  /** By media type, its schema. */
  readonly body: Json | undefined;
  readonly responses: Json;
}

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const part = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);

export function operationsOf(document: Json): Operation[] {
  const paths = part(document, 'paths');
  return Object.entries(isRecord(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isRecord(item) ? item : {}).map(([method, operation]): Operation => {
      const parameters = part(operation, 'parameters');
      const content = part(operation, 'requestBody', 'content');
      const responses = part(operation, 'responses');
      return {
        operationId: String(part(operation, 'operationId')),
        summary: String(part(operation, 'summary') ?? ''),
        description: String(part(operation, 'description') ?? ''),
        method: method.toUpperCase(),
        path,
        pointer: `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
          .replaceAll('{', '%7B')
          .replaceAll('}', '%7D'),
        parameters: Array.isArray(parameters) ? parameters.map((one: unknown) => resolve(document, one)) : [],
        body: isRecord(content)
          ? Object.fromEntries(
              Object.entries(content).map(([type, media]) => [type, resolve(document, part(media, 'schema'))]),
            )
          : undefined,
        responses: isRecord(responses) ? responses : {},
      };
    }),
  );
}

/** Of several at once only one is taken, or they answer something else than what the others do. */
const ALONE = new Set(['offset', 'cursor', 'fields', 'dry_run', 'id']);

interface Request {
  readonly path: string;
  readonly init: { readonly method: string; readonly body?: string; readonly headers: Record<string, string> };
}

/** The request of an operation by its examples; `world` has values of path parameters that no example can know. */
export function requestOf(
  { path, method, parameters, body }: Operation,
  world: Readonly<Record<string, string>>,
): Request {
  let address = path;
  const query = new URLSearchParams();
  for (const { name, in: place, example, required } of parameters) {
    const text = String(name);
    if (place === 'path') address = address.replace(`{${text}}`, encodeURIComponent(world[text] ?? String(example)));
    if (place !== 'query' || (ALONE.has(text) && required !== true)) continue;
    // A list takes a hundred conditions at most.
    if (required === true || (method === 'GET' && query.size < 90))
      for (const value of [example].flat()) query.append(text, String(value));
  }
  const url = query.size === 0 ? address : `${address}?${query}`;
  const [type, schema] = Object.entries(body ?? {})[0] ?? [];
  if (type === undefined) return { path: url, init: { method, headers: {} } };
  const examples = part(schema, 'examples');
  const example: unknown = Array.isArray(examples) ? examples[0] : {};
  return {
    path: url,
    init: {
      method,
      headers: { 'content-type': type },
      body: typeof example === 'string' ? example : JSON.stringify(example),
    },
  };
}
