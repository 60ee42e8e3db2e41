/** What a changed REST API breaks for clients of the released one. */
import { isJsonObject } from '../src/kernel/json.ts';
import type { ApiChange } from './changelog.ts';
import { compareSchemas, resolve, type SchemaComparison } from './openapi-schema-changes.ts';

type Json = Readonly<Record<string, unknown>>;

/** What breaks clients, by coordinate: `GET /api/v1/videos?status`, `POST /api/v1/videos body.title`, `REST Video.title`. */
export function openapiChanges(released: string, current: string): ApiChange[] {
  const [before, after]: [unknown, unknown] = [JSON.parse(released), JSON.parse(current)];
  const changes = new Map<string, ApiChange>();
  const tell = (change: ApiChange): void => void changes.set(`${change.coordinate} ${change.description}`, change);
  const comparison = compareSchemas(before, after, tell);
  const operationsNow = operationsOf(after);
  for (const [operation, was] of operationsOf(before)) {
    const is = operationsNow.get(operation);
    if (is === undefined) tell({ coordinate: operation, description: 'was taken away.' });
    else compareOperation(operation, { before, after }, was, is, comparison, tell);
  }
  return [...changes.values()].sort((a, b) => (a.coordinate < b.coordinate ? -1 : a.coordinate > b.coordinate ? 1 : 0));
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

const partOf = (value: unknown, name: string): Json => {
  const part = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(part) ? part : {};
};

function operationsOf(document: unknown): Map<string, Json> {
  return new Map(
    Object.entries(partOf(document, 'paths')).flatMap(([path, item]) =>
      Object.entries(isJsonObject(item) ? item : {})
        .filter(([method]) => METHODS.has(method))
        .map(([method, operation]): [string, Json] => [
          `${method.toUpperCase()} ${path}`,
          isJsonObject(operation) ? operation : {},
        ]),
    ),
  );
}

interface Documents {
  readonly before: unknown;
  readonly after: unknown;
}

function compareOperation(
  operation: string,
  documents: Documents,
  was: Json,
  is: Json,
  { compare }: SchemaComparison,
  tell: (change: ApiChange) => void,
): void {
  const [parameters, parametersNow] = [parametersOf(documents.before, was), parametersOf(documents.after, is)];
  for (const [name, parameter] of parameters) {
    const now = parametersNow.get(name);
    const coordinate = `${operation}?${name}`;
    if (now === undefined) tell({ coordinate, description: 'was taken away.' });
    else compare(coordinate, parameter['schema'], now['schema'], 'in');
  }
  for (const [name, parameter] of parametersNow) {
    if (parameter['required'] !== true || parameters.get(name)?.['required'] === true) continue;
    tell({ coordinate: `${operation}?${name}`, description: 'must be given now.' });
  }
  const [body, bodyNow] = [partOf(was, 'requestBody'), partOf(is, 'requestBody')];
  if (bodyNow['required'] === true && body['required'] !== true) {
    tell({ coordinate: `${operation} body`, description: 'must be given now.' });
  }
  compareContent(`${operation} body`, body, bodyNow, 'in');
  const [responses, responsesNow] = [partOf(was, 'responses'), partOf(is, 'responses')];
  for (const [status, response] of Object.entries(responses)) {
    const coordinate = `${operation} → ${status}`;
    if (responsesNow[status] === undefined) tell({ coordinate, description: 'is not answered any more.' });
    else {
      const [answer, answerNow] = [resolve(documents.before, response), resolve(documents.after, responsesNow[status])];
      compareContent(coordinate, answer, answerNow, 'out');
    }
  }

  function compareContent(place: string, before: Json, after: Json, direction: 'in' | 'out'): void {
    const [content, contentNow] = [partOf(before, 'content'), partOf(after, 'content')];
    for (const [type, media] of Object.entries(content)) {
      if (contentNow[type] === undefined) tell({ coordinate: `${place} ${type}`, description: 'was taken away.' });
      else compare(place, partOf(content, type)['schema'] ?? media, partOf(contentNow, type)['schema'], direction);
    }
  }
}

function parametersOf(document: unknown, { parameters }: Json): Map<string, Json> {
  const all = Array.isArray(parameters) ? parameters.map((parameter: unknown) => resolve(document, parameter)) : [];
  return new Map(all.map((parameter) => [String(parameter['name']), parameter]));
}
