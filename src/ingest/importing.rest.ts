/** Files: uploaded, or named by a path inside the import roots. */
import { stat } from 'node:fs/promises';
import { filesSlot } from '../files/files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { inTurn } from '../graphql/turn.ts';
import type { RouteAnswer } from '../http/route.ts';
import { dropUploads } from '../http/upload.ts';
import { hashFile } from '../kernel/hash.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { restRoute } from '../rest/route.ts';
import { type AskedFile, askedFile } from './asked-file.ts';
import { IMPORT_ANSWER, IMPORT_LATER, importAnswer, MOST_TOLD } from './import-answer.ts';
import { importLater } from './import-later.ts';
import { IMPORT_BODIES, type ImportWanted, readImportRequest } from './import-request.ts';
import { importerSlot } from './importer-slot.ts';
import { requireSense, startImport } from './importing.ts';
import { MOST_BYTES, MOST_WAITED } from './ingest-body.ts';
import { keptAnswerOf, onceStarted } from './ingest-records.ts';
import { importFile } from './run.ts';
import { jobsOfPathAreIn } from './sent-before.ts';

export default restRoute({
  method: 'POST',
  path: '/imports',
  operationId: 'importFile',
  tag: 'Imports',
  summary: 'Imports one file, uploaded or named by its path',
  description: `Which dataset takes it, its name decides. Up to ${MOST_TOLD} records are answered one by one. The file of a form may come in a body of gzip.`,
  needs: { role: 'importer' },
  body: { streamed: IMPORT_BODIES, most: MOST_BYTES, gzip: true },
  headers: IDEMPOTENCY_HEADER,
  answers: {
    200: { description: 'What became of the file.', content: { 'application/json': IMPORT_ANSWER } },
    202: {
      description: 'The job that imports it.',
      content: { 'application/json': IMPORT_LATER },
      headers: { location: { description: 'Where the job tells how far it is.' } },
    },
    404: { description: 'There is no such file in the import roots.' },
    409: { description: 'The same request is being done, or the Idempotency-Key stands for another.' },
    422: { description: 'The file as a whole cannot be read: nothing of it was kept.' },
  },
  lane: 'none',
  answer: async (context, { body, headers, url }) => {
    const { uploads, importRoots } = importerSlot.get(context);
    const wanted = await readImportRequest(body, uploads, MOST_BYTES);
    try {
      const { dataset, dry_run: dryRun = false, wait, path, root, file } = wanted;
      requireSense({ dryRun, wait: wait ?? true });
      const content = file === undefined ? [path, root] : [file.name, (await hashFile(file.path)).hash];
      const told = { headers: dryRun ? {} : headers, url, body: [...content, dataset, wait] };
      return await answerOnce(context, told, async () => {
        const asked = await askedFile({ path, root, file }, importRoots);
        try {
          return await answerImport(context, asked, wanted);
        } finally {
          await asked.release();
        }
      });
    } finally {
      if (wanted.file !== undefined) await dropUploads([wanted.file]);
    }
  },
});

async function answerImport(
  context: GraphqlContext,
  { file, path }: AskedFile,
  { dataset, dry_run: dryRun = false, wait, file: upload }: ImportWanted,
): Promise<RouteAnswer> {
  const importer = importerSlot.get(context);
  const { match } = startImport(context, importer, path, dataset);
  const { size, mtime } = await stat(file);
  if (!dryRun && !(wait ?? size <= MOST_WAITED)) {
    // What is uploaded is as new as its request; what lies in a folder as old as it is.
    const sentAt = upload === undefined ? mtime : new Date();
    const later = { dataset: match.dataset.name, path, bodyType: null, sentAt };
    return onceStarted(context, (importId) =>
      importLater(context, filesSlot.get(context), file, { importId, ...later }),
    );
  }
  const { actor, requestId } = context;
  const now = async (importId: string): Promise<RouteAnswer> => {
    if (!dryRun) await jobsOfPathAreIn(context, path);
    const beforeCommit = keptAnswerOf(context);
    const request = { file, path, dataset, dryRun, actor, importId, tellUpTo: MOST_TOLD, beforeCommit };
    return inTurn(context, 'import', async () => importAnswer(await importFile(importer.ingest, request), requestId));
  };
  return dryRun ? now(uuidv7()) : onceStarted(context, now);
}
