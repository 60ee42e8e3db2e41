/** Exports that a schedule asks for by name: each becomes an export of its own, of whoever made the schedule. */
import { type Query, writeSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineJob, type JobData } from '../jobs/job.ts';
import { asJobError } from '../jobs/job-errors.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidOfName } from '../kernel/uuid.ts';
import { readAsked } from './asked.ts';
import { exporterSlot } from './exporter.ts';
import { findSaved, listSaved } from './saved.ts';
import { enqueueExport, requirePossible } from './start.ts';

type Asked = Awaited<ReturnType<typeof readAsked>>;

/** One that cannot be made. */
interface Broken {
  readonly name: string;
  readonly error: AppError;
}

export default defineJob({
  kind: 'scheduled-export',
  role: 'viewer',
  retries: 3,
  concurrency: 1,
  run: async (context, job) => {
    const asked: (Asked & { readonly exportId: string })[] = [];
    const broken: Broken[] = [];
    const named = namesOf(job.arguments);
    for (const name of new Set(named ?? (await allNames(context)))) {
      const found = await possible(context, name, named !== undefined);
      if (found instanceof AppError) broken.push({ name, error: found });
      // Whichever attempt asks: one that was cut, or is retried, asks for nothing twice.
      else if (found !== undefined) asked.push({ ...found, exportId: uuidOfName(job.id, name) });
    }
    const exports = asked.map(({ exportId }) => exportId);
    await writeSession(context.database.write, context.actor, async ({ query }) => {
      await job.fence(query);
      const before = await askedBefore(query, exports);
      for (const { request, name, exportId } of asked)
        if (!before.has(exportId)) await enqueueExport(query, context, exportId, request, name);
    });
    // Not before: the others are made whatever is wrong with these.
    if (broken.length > 0) throw brokenExports(broken, exports.length);
    return { exports };
  },
});

async function askedBefore(query: Query, exportIds: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await query<{ export_id: string }>(
    'exports asked before',
    'SELECT export_id FROM exports WHERE export_id = ANY($1::uuid[])',
    [exportIds],
  );
  return new Set(found.map(({ export_id: exportId }) => exportId));
}

/** All that have a name, unless the schedule says which. */
async function allNames(context: GraphqlContext): Promise<string[]> {
  const saved = await listSaved(context, await exporterSlot.get(context).catalogue());
  return saved.map(({ name }) => name);
}

/**
 * What is asked for under a name, or why it cannot be; undefined for what somebody shares with others.
 * @throws AppError of kind transient: whoever tries again asks for all of them
 */
async function possible(
  context: GraphqlContext,
  name: string,
  isNamed: boolean,
): Promise<Asked | AppError | undefined> {
  const exporter = exporterSlot.get(context);
  const saved = await findSaved(context.reads.query, await exporter.catalogue(), name);
  try {
    const asked = await readAsked(
      context.reads.query,
      exporter,
      saved === undefined ? { source: name } : { saved: name },
    );
    await requirePossible(context, exporter, asked.request);
    return asked;
  } catch (thrown) {
    const error = asJobError(thrown);
    if (error.kind === 'transient' || error.code === 'INTERRUPTED') throw error;
    if (error.code === 'FORBIDDEN' && !isNamed && saved?.isOwn === false) return undefined;
    if (error.kind === 'bug') context.log.error({ err: error, name }, 'a saved export cannot be read');
    return error;
  }
}

const MOST_TOLD = 10;
const LONGEST_REASON = 200;

/** One error that tells of all: the first's code that people may read. */
function brokenExports(broken: readonly Broken[], asked: number): AppError {
  const told = broken.slice(0, MOST_TOLD).map(({ name, error: { kind, message } }) => {
    const reason = kind === 'bug' ? 'a reason that is ours, which the log says' : message.slice(0, LONGEST_REASON);
    return `${name} (${reason})`;
  });
  const more = broken.length > told.length ? `, and ${broken.length - told.length} more` : '';
  const code = broken.find(({ error }) => error.kind !== 'bug')?.error.code ?? 'INTERNAL';
  const count = `${broken.length} of ${broken.length + asked} exports cannot be made`;
  return new AppError(code, `${count}: ${told.join(', ')}${more}`, {
    hint: `${asked > 0 ? 'The others were asked for. ' : ''}Save what cannot be made anew, or delete it; retried, the job asks for what is missing.`,
  });
}

function namesOf({ exports: names }: JobData): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new AppError('BAD_USER_INPUT', 'Exports were asked for in a form that is not known');
}
