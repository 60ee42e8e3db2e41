/** Records that a client sends without waiting for their import, and the worker that takes them in. */
import { afterAll } from 'vitest';
import { createContext, type GraphqlContext } from '../../src/graphql/context.ts';
import importJob from '../../src/ingest/import.job.ts';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { startWorker, type Worker } from '../../src/jobs/worker.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { openServices } from '../../src/server/services.ts';
import { ADMIN_TOKEN, type TestApi, useTestApi } from './api.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { QUICK } from './jobs.ts';

export interface SentAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly body: Record<string, string>;
}

export interface ImportJobs {
  readonly api: TestApi;
  /** Starts one that runs imports; stop it before the test ends. */
  readonly worker: () => Worker;
  /** Sends records, or a body as it stands, as employees; `query` is the request's. */
  readonly send: (
    records: readonly object[] | string,
    query?: string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<SentAnswer>;
  /** As a job has it. */
  readonly context: () => GraphqlContext;
}

export async function useImportJobs(database: TestDatabase): Promise<ImportJobs> {
  const api = await useTestApi(database);
  const log = silentLog();
  const { notices, fillContext, close } = openServices({ ...api, database, log });
  afterAll(() => close());
  return {
    api,
    worker: () =>
      startWorker({
        ...{ database, log, notices, fillContext, timing: QUICK },
        loadJobs: async () => [importJob],
        openCarrier: () => openPgBoss(database.write, log),
      }),
    async send(records, query = 'wait=false', headers = {}) {
      const response = await fetch(`${api.url}/api/v1/data/ingest/employees?${query}`, {
        method: 'POST',
        body: typeof records === 'string' ? records : JSON.stringify(records),
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
      });
      return {
        status: response.status,
        location: response.headers.get('location'),
        body: JSON.parse(await response.text()),
      };
    },
    context() {
      const context = createContext({ actor: TESTER, requestId: 'r', log, database });
      fillContext(context);
      return context;
    },
  };
}
