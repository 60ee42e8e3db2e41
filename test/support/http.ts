/** A real server on a free port of the loopback, over a schema of the test's own or the project's. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterAll } from 'vitest';
import type { Database } from '../../src/database/connect.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import type { LimitSettings } from '../../src/kernel/limit-settings.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { SignInSettings } from '../../src/kernel/sign-in-settings.ts';
import { type OpenOptions, type OpenServer, openServer } from '../../src/server/open.ts';

export const ADMIN_TOKEN = 'admin-token-of-the-tests';

export interface TestServer extends OpenServer {
  readonly dataDir: string;
  /** Every line logged so far. */
  readonly logged: () => string;
  /** POSTs one operation as JSON with the admin token; `init` overrides. */
  readonly post: (body: unknown, init?: RequestInit) => Promise<Response>;
}

const TRIVIAL = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      hello: { type: GraphQLString, resolve: () => 'world' },
      me: { type: GraphQLString, resolve: (_source, _args, context: GraphqlContext) => context.actor.label },
    },
  }),
});

interface TestServerOptions
  extends Partial<
    Pick<
      OpenOptions,
      'schema' | 'routes' | 'fillContext' | 'limits' | 'lanes' | 'subscriptions' | 'clock' | 'operations'
    >
  > {
  readonly settings?: Partial<LimitSettings & SignInSettings>;
}

/** Opens a server that is stopped after the last test of the file. */
export async function useTestServer(
  database: Database,
  { settings, ...options }: TestServerOptions = {},
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-server-'));
  const lines: string[] = [];
  const log = createLog({ level: 'trace', stream: { write: (line) => void lines.push(line) } });
  const server = await openServer({
    config: { host: '127.0.0.1', port: 0, dataDir, adminToken: ADMIN_TOKEN, ...settings },
    database,
    log,
    schema: TRIVIAL,
    fillContext: () => undefined,
    onAccessChange: () => () => undefined,
    signInLabel: 'user:tester',
    ...options,
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });
  const post = (body: unknown, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      body: JSON.stringify(body),
      ...init,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers },
    });
  return { ...server, dataDir, logged: () => lines.join(''), post };
}

/** Uses the server's sign-in link up, as a browser would, and returns the Cookie header of the session. */
export async function signIn(signInLink: string): Promise<string> {
  const { origin, searchParams } = new URL(signInLink);
  const response = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ code: searchParams.get('code') ?? '' }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** The code of an answer's first error. */
export async function codeOf(response: Response): Promise<unknown> {
  const body = (await response.json()) as { errors?: { extensions?: { code?: unknown } }[] };
  return body.errors?.[0]?.extensions?.code;
}
