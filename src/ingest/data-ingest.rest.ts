/** Records of a dataset as the body of a request: JSON, JSON Lines, CSV or a workbook. */
import { rm } from 'node:fs/promises';
import Type from 'typebox';
import { filesSlot } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { HttpError } from '../http/http-error.ts';
import type { ReceivedStream } from '../http/received-stream.ts';
import type { Asked, RouteAnswer } from '../http/route.ts';
import { spoolBody } from '../http/spool.ts';
import { AppError } from '../kernel/errors.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { restRoute } from '../rest/route.ts';
import type { Dataset } from './dataset.ts';
import { IMPORT_ANSWER, IMPORT_LATER, MOST_TOLD } from './import-answer.ts';
import { importLater } from './import-later.ts';
import { type Importer, importerSlot } from './importer-slot.ts';
import { requireSense } from './importing.ts';
import { BODY_TYPES, bodyMatch, MOST_BYTES, MOST_WAITED, recordsPath } from './ingest-body.ts';
import { ingestRecords, onceStarted } from './ingest-records.ts';
import { datasetNamed } from './match.ts';

const RECORD = { employee_id: 'EMP-001', name: 'Ann' };
const DATASET = Type.Object({
  dataset: Type.String({ description: 'The dataset that they go into.', examples: ['employees'] }),
});
const DRY_RUN = Type.Optional(
  Type.Boolean({ description: 'Find out what would happen, write nothing.', examples: [true] }),
);
const WAIT = Type.Optional(
  Type.Boolean({
    description: `Whether the answer waits for the import's end. Unless given, a body of more than ${MOST_WAITED / 1_048_576} MiB is answered with the job that imports it.`,
    examples: [true],
  }),
);
const EXAMPLES: Readonly<Record<string, unknown>> = {
  json: [RECORD],
  jsonl: `${JSON.stringify(RECORD)}\n`,
  csv: 'employee_id,name\nEMP-001,Ann\n',
};

const BODY = {
  streamed: Object.fromEntries(
    Object.entries(BODY_TYPES).map(([type, { format, description }]) => [
      type,
      {
        description,
        schema: Type.Unsafe<unknown>({
          description,
          ...(EXAMPLES[format] !== undefined && { examples: [EXAMPLES[format]] }),
        }),
      },
    ]),
  ),
  description: 'The records, under the names of columns or names that the dataset’s files use. May come as gzip.',
  most: MOST_BYTES,
  gzip: true,
};

const FACTS = {
  tag: 'Imports',
  needs: { role: 'importer' },
  params: DATASET,
  body: BODY,
  lane: 'none',
} as const;

const IMPORTED = {
  description: 'What became of the records.',
  content: { 'application/json': IMPORT_ANSWER },
};
const LATER = {
  description: 'The job that imports them.',
  content: { 'application/json': IMPORT_LATER },
  headers: {
    location: { description: 'Where the job tells how far it is, and in the end what became of the records.' },
  },
};
const FAILED = { description: 'The body as a whole cannot be read: nothing of it was kept.' };
const UNKNOWN = { description: 'There is no such dataset.' };

type AskedIngest = Asked<{ readonly dataset: string }, unknown, ReceivedStream>;

export default [
  restRoute({
    ...FACTS,
    method: 'POST',
    path: '/data/ingest/:dataset',
    aliases: ['/v1/data/ingest/:dataset'],
    operationId: 'ingestRecords',
    summary: 'Imports the records of a body as one import',
    description: `What does not pass is a reject and does not keep the others. Up to ${MOST_TOLD} records are answered one by one.`,
    query: Type.Object({ dry_run: DRY_RUN, wait: WAIT }),
    headers: IDEMPOTENCY_HEADER,
    answers: {
      200: IMPORTED,
      202: LATER,
      404: UNKNOWN,
      409: { description: 'The same request is being done, or the Idempotency-Key stands for another.' },
      422: FAILED,
    },
    answer: (context, asked) => answerIngest(context, asked, asked.query),
  }),
  restRoute({
    ...FACTS,
    method: 'POST',
    path: '/data/ingest/:dataset/validate',
    aliases: ['/v1/data/ingest/:dataset/validate'],
    operationId: 'validateRecords',
    summary: 'Says what would become of the records of a body, and writes nothing',
    answers: { 200: IMPORTED, 404: UNKNOWN, 422: FAILED },
    answer: (context, asked) => answerIngest(context, asked, { dry_run: true }),
  }),
];

async function answerIngest(
  context: GraphqlContext,
  asked: AskedIngest,
  { dry_run: dryRun = false, wait }: { readonly dry_run?: boolean; readonly wait?: boolean },
): Promise<RouteAnswer> {
  requireSense({ dryRun, wait: wait ?? true });
  const importer = importerSlot.get(context);
  const dataset = requireDataset(importer, asked.params.dataset);
  const type = BODY_TYPES[asked.body.type];
  if (type === undefined) throw new AppError('INTERNAL', `No body is read as ${asked.body.type}`);
  const body = await spoolBody(asked.body, importer.uploads, context.left);
  try {
    const isLater = !dryRun && !(wait ?? body.size <= MOST_WAITED);
    const path = recordsPath(dataset.name, type.extension);
    const importAll = async (): Promise<RouteAnswer> => {
      if (!isLater) {
        const match = await bodyMatch(dataset, type, body);
        return ingestRecords(context, { file: body.path, path, match, dryRun });
      }
      const asSent = { dataset: dataset.name, path, bodyType: asked.body.type, sentAt: new Date() };
      return onceStarted(context, (importId) =>
        importLater(context, filesSlot.get(context), body.path, { importId, ...asSent }),
      );
    };
    const { headers, url } = asked;
    const told = { headers: dryRun ? {} : headers, url, body: [body.hash, type.format] };
    return await answerOnce(context, told, importAll);
  } finally {
    await rm(body.path, { force: true });
  }
}

/** @throws HttpError 404; AppError FORBIDDEN */
function requireDataset({ ingest }: Importer, name: string): Dataset {
  try {
    return datasetNamed(ingest, name);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'DATASET_UNKNOWN') throw thrown;
    throw new HttpError(404, 'NOT_FOUND', thrown.message, {
      path: 'dataset',
      ...(thrown.hint && { hint: thrown.hint }),
    });
  }
}
