/** Whose fault a job's failure is: what it failed of may look alike. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { wireOf } from '../../src/database/wire.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { portOf } from '../../src/server/doors.ts';
import { useTestDatabase } from '../support/database.ts';
import { enqueue, job, jobOnce, testWorker } from '../support/jobs.ts';

const database = await useTestDatabase();

const [WARN, ERROR] = [40, 50];
const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
const REFUSED = "INSERT INTO employees (employee_id, name) SELECT 'E-1', 'Twice' FROM generate_series(1, 2)";

const JOBS = [
  job({ kind: 'reset', run: () => Promise.reject(reset()) }),
  job({ kind: 'wrapped', run: () => Promise.reject(new Error('Upload failed', { cause: reset() })) }),
  job({ kind: 'fetched', run: () => Promise.reject(new TypeError('fetch failed', { cause: reset() })) }),
  job({
    kind: 'closed',
    run: async () => {
      const server = createServer((request) => void request.socket.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const outbound = createOutbound({ allow: ['127.0.0.1'] });
      await outbound
        .fetch(`http://127.0.0.1:${portOf(server)}`)
        .finally(() => Promise.all([outbound.close(), server.close()]));
      return undefined;
    },
  }),
  job({
    kind: 'cut',
    run: async ({ database: { write } }) => {
      const client = await write.connect();
      // The server hears of the end when it answers.
      const asked = client.query('SELECT pg_sleep(0.3)');
      wireOf(client)?.stream.destroy(reset());
      await asked.finally(() => client.release(true));
      return undefined;
    },
  }),
  job({
    kind: 'refused',
    run: async ({ database: { write } }) => {
      await write.query(REFUSED);
      return undefined;
    },
  }),
  job({
    kind: 'refused-told',
    run: ({ database: { write }, actor }) =>
      writeSession(write, actor, async ({ query }) => {
        await query('twice', REFUSED);
        return undefined;
      }),
  }),
];

const worker = testWorker(database, JOBS, { lookMs: 500 });
afterAll(() => worker.stop(1_000));

/** What is told of a failed job, and the levels at which the log tells of it. */
async function failed(kind: string): Promise<{ readonly code: string | undefined; readonly levels: unknown[] }> {
  const jobId = await enqueue(database, { kind });
  const { error } = await jobOnce(database, jobId, 'failed');
  const lines: { jobId?: string; level: unknown }[] = worker
    .logged()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { code: error?.code, levels: lines.filter((line) => line.jobId === jobId).map(({ level }) => level) };
}

test.each(['reset', 'wrapped', 'fetched', 'closed'])(
  'a connection to another server that broke off (%s) is not told as the database’s, and can be tried again',
  async (kind) => expect(await failed(kind)).toEqual({ code: 'SOURCE_UNAVAILABLE', levels: [ERROR] }),
);

test('a connection to the database that broke off is told as that, whatever its socket says', async () => {
  expect(await failed('cut')).toEqual({ code: 'DATABASE_UNREACHABLE', levels: [ERROR] });
});

test('what the database refuses of a job’s own making is a fault of ours, and the log tells of it', async () => {
  expect(await failed('refused')).toEqual({ code: 'INTERNAL', levels: [ERROR] });
});

test('what the database refuses within a session is told to whoever asked, and the log tells of it too', async () => {
  expect(await failed('refused-told')).toEqual({ code: 'CONFLICT', levels: [WARN] });
});
