/** Every operation that the document names, asked by its own examples: each answer is one that the document describes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import { resolve } from '../../../scripts/openapi-schema-changes.ts';
import { readVersion } from '../../../src/server/health.ts';
import { openapiDocument, withDocument } from '../../../src/server/rest-docs/document.ts';
import { loadRestRoutes } from '../../../src/server/rest-routes.ts';
import { ADMIN_TOKEN, useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';
import { isRecord, type Operation, operationsOf, requestOf } from '../../support/openapi.ts';
import { seedSourceExamples } from '../../support/sources.ts';

const document = openapiDocument(withDocument(await loadRestRoutes(), readVersion()), readVersion());
const operations = operationsOf(document);
const database = await useTestDatabase();
const api = await useTestApi(database);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', ...document });

/** What the server gives its own keys to. */
const world: Record<string, string> = {};

/** Rows come before those that name them. */
const FIRST = ['createEmployee', 'createChannel', 'createInfluencer', 'createResearch', 'createVideo'];
/** No worker runs here: what a job makes is not there yet, and its 404 is described as well. */
const MADE_BY_JOBS = new Set(['linkExport']);
/** The example is a folder that is not there, and paused: nobody signs in to it, and it is neither read nor written; it has one transformation. */
const OF_A_PLACE = new Map([
  ['startConnection', 400],
  ['connectSource', 403],
  ['runWriteBack', 409],
  ['reorderTransformations', 400],
]);
/** What they delete takes with it what others name. */
const LAST = ['disconnectSource', 'deleteDataSource', 'deleteDataSourceById'];
const VERBS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'];
const rank = ({ method, operationId }: Operation): number =>
  VERBS.indexOf(method) * 100 +
  (FIRST.includes(operationId)
    ? FIRST.indexOf(operationId)
    : LAST.includes(operationId)
      ? 90 + LAST.indexOf(operationId)
      : 50);

beforeAll(async () => {
  await writeFile(join(api.root, 'RESEARCHES_Master_List.csv'), 'research_id,title,department\nRSR-900,Filed,AI\n');
  const send = (path: string, body: string) =>
    fetch(`${api.url}/api/v1${path}`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    });
  await send('/data/ingest/employees', '[{"employee_id":"E-1","name":"Ann"},{"employee_id":"E-2"}]');
  const { rows } = await database.owner.query<{ import_id: string; id: string }>(
    'SELECT imports.import_id, rejects.id::text FROM imports JOIN rejects USING (import_id)',
  );
  Object.assign(world, rows[0]);
  await seedSourceExamples(database.owner, Number(rows[0]?.id));
  // Of another dataset than the examples': what is sent next under its path would wait for it, and nobody works here.
  const later = await send('/data/ingest/channels?wait=false', '[{"channel_id":"C-3","name":"Cem"}]');
  const { job_id: job } = (await later.json()) as { readonly job_id: string };
  world['job_id'] = job;
});

test('the document names every operation once, with a summary, and every parameter in words and by example', () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  const silent = operations.flatMap(({ operationId, summary, description, parameters }) => [
    ...(summary === '' || description === '' ? [operationId] : []),
    ...parameters
      .filter((parameter) => typeof parameter['description'] !== 'string' || parameter['example'] === undefined)
      .map(({ name }) => `${operationId} ${String(name)}`),
  ]);
  expect(silent).toEqual([]);
});

test('a body’s names are closed: what is not known is refused, not lost', () => {
  const open = operations.filter(({ body }) => {
    const json = resolve(document, body?.['application/json']);
    return json['type'] === 'object' && json['additionalProperties'] !== false;
  });
  expect(open.map(({ operationId }) => operationId)).toEqual([]);
});

test('every operation answers its own example as the document says', async () => {
  const wrong: string[] = [];
  for (const operation of operations.toSorted((a, b) => rank(a) - rank(b))) {
    if (operation.operationId === 'getTranscript') await giveTranscript();
    const { path, init } = requestOf(operation, world);
    const response = await fetch(api.url + path, {
      ...init,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers },
    });
    const isGood =
      response.status < 400 ||
      (response.status === 404 && MADE_BY_JOBS.has(operation.operationId)) ||
      response.status === OF_A_PLACE.get(operation.operationId);
    const copy = response.clone();
    const fault = isGood ? await faultOf(operation, response) : `${response.status} ${await response.text()}`;
    if (response.ok && operation.method === 'POST') learn(await copy.json());
    if (fault !== undefined) wrong.push(`${operation.operationId} ${init.method} ${path.split('?')[0]}: ${fault}`);
  }
  expect(wrong).toEqual([]);
});

test('every operation refuses a parameter that it does not have, and a stranger, as the document says', async () => {
  const wrong: string[] = [];
  for (const operation of operations) {
    const { path, init } = requestOf(operation, world);
    const strange = await fetch(`${api.url}${path}${path.includes('?') ? '&' : '?'}strange=1`, {
      ...init,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers },
    });
    const stranger = await fetch(api.url + path, init);
    for (const [response, status] of [
      [strange, 400],
      [stranger, 401],
    ] as const) {
      const fault = response.status === status ? await faultOf(operation, response) : `answered ${response.status}`;
      if (fault !== undefined) wrong.push(`${operation.operationId} ${init.method} ${path}: ${fault}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Keys that the server gave to what was made. */
function learn(made: unknown): void {
  for (const [name, value] of Object.entries(isRecord(made) ? made : {})) {
    if (name.endsWith('_id') && typeof value === 'string') world[name] ??= value;
  }
}

/** No body of an operation brings one: transcripts are imported. */
async function giveTranscript(): Promise<void> {
  await database.owner.query(
    `INSERT INTO video_segments (video_id, position, start_seconds, end_seconds, text)
     VALUES ('Video_901', 1, 0, 2.5, 'Hello')`,
  );
}

const checks = new Map<string, ValidateFunction>();

/** What of an answer the document does not describe; undefined when it describes all. */
async function faultOf({ pointer, responses }: Operation, response: Response): Promise<string | undefined> {
  const text = await response.text();
  const declared = responses[String(response.status)];
  if (declared === undefined) return `${response.status} is not described: ${text.slice(0, 300)}`;
  const content = resolve(document, declared)['content'];
  if (!isRecord(content)) return text === '' ? undefined : `${response.status} has a body`;
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (content[type] === undefined) return `${response.status} is ${type}`;
  if (!type.endsWith('json')) return undefined;
  const ref = isRecord(declared) && typeof declared['$ref'] === 'string' ? declared['$ref'].slice(1) : undefined;
  const place = `${ref ?? `${pointer}/responses/${response.status}`}/content/${type.replaceAll('/', '~1')}/schema`;
  const check = checks.get(place) ?? ajv.compile({ $ref: `openapi#${place}` });
  checks.set(place, check);
  return check(JSON.parse(text)) ? undefined : ajv.errorsText(check.errors).slice(0, 500);
}
