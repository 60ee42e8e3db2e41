/** The whole server: every type found in the contexts' folders, the pipeline in its context, the port open. */
import type { GraphQLSchema } from 'graphql';
import { ACCESS } from '../access/access-notice.ts';
import type { Database } from '../database/connect.ts';
import type { Ingest } from '../ingest/run.ts';
import { type Config, SAFE_TOKEN_LENGTH } from '../kernel/config.ts';
import type { Log } from '../kernel/log.ts';
import { userName } from '../kernel/user-name.ts';
import type { RestRoute } from '../rest/route.ts';
import { type OpenServer, openServer } from './open.ts';
import { OWN_OPERATIONS, type RegisteredOperations, readRegisteredOperations } from './registered-operations.ts';
import { loadRestRoutes } from './rest-routes.ts';
import { loadSchema } from './schema.ts';
import { openServices, type Services } from './services.ts';

/** What of a server needs no database: made while that starts. */
export interface Prepared {
  readonly schema: GraphQLSchema;
  readonly operations: RegisteredOperations;
  readonly routes: readonly RestRoute[];
}

export interface StartOptions {
  readonly prepared: Prepared;
  readonly config: Config;
  readonly database: Database;
  readonly ingest: Ingest;
  readonly log: Log;
  /** Those of a worker in the same process, whose owner closes them; the server's own unless given. */
  readonly services?: Services;
}

/**
 * Loads the schema and the documents that are registered for it.
 * @throws AppError CONFIG_INVALID, DECLARATION_INVALID
 */
export async function prepareServer({ operationsDir }: Pick<Config, 'operationsDir'>): Promise<Prepared> {
  const schema = await loadSchema();
  const folders = operationsDir === undefined ? [OWN_OPERATIONS] : [OWN_OPERATIONS, operationsDir];
  return { schema, operations: await readRegisteredOperations(schema, folders), routes: await loadRestRoutes() };
}

/**
 * Starts the server. Whoever starts it stops it, before it closes the database.
 * @throws AppError PORT_IN_USE, CONFIG_INVALID
 */
export async function startServer(options: StartOptions): Promise<OpenServer> {
  const { prepared, config, database, log } = options;
  if (config.adminToken !== undefined && config.adminToken.length < SAFE_TOKEN_LENGTH)
    log.warn(`CAIRN_ADMIN_TOKEN has fewer than ${SAFE_TOKEN_LENGTH} characters: choose one that cannot be guessed`);
  const services = options.services ?? openServices(options);
  const server = await openServer({
    config,
    database,
    log,
    ...prepared,
    fillContext: services.fillContext,
    files: services.files,
    sources: services.sources,
    onAccessChange: (look) => services.notices.on(ACCESS, look).stop,
    signInLabel: `user:${userName()}`,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    if (options.services === undefined) await services.close();
  };
  return { ...server, stop };
}
