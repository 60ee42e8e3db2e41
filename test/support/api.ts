/** The whole server, with the project's schema and pipeline, over one import root of the test's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import type { JobDeclaration } from '../../src/jobs/job.ts';
import type { Role } from '../../src/kernel/actor.ts';
import type { Config } from '../../src/kernel/config.ts';
import { readLimitSettings } from '../../src/kernel/limit-settings.ts';
import { createLog } from '../../src/kernel/log.ts';
import { readSourceSettings, type SourceSettings } from '../../src/kernel/source-settings.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { OpenServer } from '../../src/server/open.ts';
import { openServices } from '../../src/server/services.ts';
import { prepareServer, startServer } from '../../src/server/start.ts';
import { startJobs } from '../../src/server/start-jobs.ts';
import { TESTER, type TestDatabase } from './database.ts';

export const ADMIN_TOKEN = 'admin-token-of-the-tests';

export interface Answered {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface TestApi extends OpenServer {
  readonly ingest: Ingest;
  readonly config: Config;
  /** The one import root. */
  readonly root: string;
  readonly logged: () => string;
  /** Runs one operation; with the admin token unless told otherwise. */
  readonly ask: (query: string, variables?: object, token?: string) => Promise<Answered>;
  /** Sends files along: `files` by the variable's path, such as `variables.input.file`. */
  readonly upload: (query: string, variables: object, files: Readonly<Record<string, File>>) => Promise<Answered>;
  readonly tokenFor: (role: Role, scopes?: readonly string[]) => Promise<string>;
}

export interface ApiOptions {
  /** The kinds of jobs that a worker beside the server runs, or all of the project's; no worker unless given. */
  readonly jobs?: readonly JobDeclaration[] | 'all';
  /** Settings that are not those of a hub with nothing set. */
  readonly settings?: Partial<SourceSettings>;
}

/** Starts the server and stops it after the last test of the file. */
export async function useTestApi(database: TestDatabase, { jobs, settings }: ApiOptions = {}): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-api-'));
  const root = await mkdtemp(join(folder, 'root-'));
  const lines: string[] = [];
  const log = createLog({ level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const ingest = { ...(await loadRegistry()), database, log };
  const config = {
    port: 0,
    host: '127.0.0.1',
    databaseUrl: undefined,
    dataDir: join(folder, 'data'),
    adminToken: ADMIN_TOKEN,
    importRoots: [root],
    logLevel: 'debug' as const,
    roles: ['web'] as const,
    publicUrl: undefined,
    oidc: undefined,
    ...readLimitSettings(() => undefined, folder, []),
    ...readSourceSettings(() => undefined, []),
    ...settings,
  };
  const services = openServices({ config, database, ingest, log });
  const server = await startServer({ prepared: await prepareServer(config), config, database, ingest, log, services });
  const worker = jobs && startJobs({ database, log, services, ...(jobs !== 'all' && { jobs }) });
  afterAll(async () => {
    await Promise.all([server.stop(), worker?.stop(1_000)]);
    await services.close();
    await rm(folder, { recursive: true });
  });
  const send = async (body: BodyInit, headers: Record<string, string>): Promise<Answered> => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body, headers });
    const answer = (await response.json()) as Partial<Answered>;
    return { status: response.status, data: answer.data ?? null, errors: answer.errors ?? [] };
  };
  return {
    ...server,
    ingest,
    config,
    root,
    logged: () => lines.join(''),
    ask: (query, variables = {}, token = ADMIN_TOKEN) =>
      send(JSON.stringify({ query, variables }), {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      }),
    upload: (query, variables, files) => {
      const form = new FormData();
      form.set('operations', JSON.stringify({ query, variables }));
      form.set('map', JSON.stringify(Object.fromEntries(Object.keys(files).map((path, index) => [index, [path]]))));
      for (const [index, file] of Object.values(files).entries()) form.set(`${index}`, file);
      return send(form, { authorization: `Bearer ${ADMIN_TOKEN}` });
    },
    tokenFor: async (role, scopes) =>
      (await createToken(database, TESTER, { name: `a ${role} ${uuidv7()}`, role, scopes })).token,
  };
}

/** The value of a root field, as the test says it looks; fails if the operation had an error. */
export function rootField<T>(answer: Answered, name: string): T {
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
  return answer.data?.[name] as T;
}
