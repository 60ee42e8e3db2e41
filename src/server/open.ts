/** The server over a schema that is given to it: everything but finding that schema. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { createSignInCode, signInLink } from '../access/sign-in.ts';
import { siteSlot } from '../access/site.ts';
import type { Database } from '../database/connect.ts';
import type { Files } from '../files/files.ts';
import { openFiles } from '../files/open-files.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { uploadsFolder } from '../http/upload.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import { DEFAULT_RATE_LIMIT, type LimitSettings } from '../kernel/limit-settings.ts';
import type { Log } from '../kernel/log.ts';
import type { SignInSettings } from '../kernel/sign-in-settings.ts';
import type { RestRoute } from '../rest/route.ts';
import type { SourcesHouse } from '../sources/sources-house.ts';
import { createDocs } from './docs/docs.ts';
import { createGraphiqlFiles } from './graphiql.ts';
import { PARAMS_LIMITS, type ParamsLimits } from './graphql-params.ts';
import { checkHealth, readVersion } from './health.ts';
import { createHttpHandler } from './http.ts';
import { createLanes, LANE_LIMITS, type LaneLimits } from './lanes.ts';
import { listen } from './listen.ts';
import { openMetrics } from './metrics/metrics.ts';
import { requestTimesSlot } from './metrics/request-times.ts';
import { createMetricsRoute } from './metrics-route.ts';
import { observeRequests } from './observed-requests.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { createOperationLookup } from './operation-lookup.ts';
import { createRateLimits } from './rate-limits.ts';
import type { RegisteredOperations } from './registered-operations.ts';
import { createRestServer } from './rest-server.ts';
import { STARTER_QUERIES } from './starter-queries.ts';
import type { SubscriptionLimits } from './subscription-limits.ts';
import { createGraphqlServer } from './yoga.ts';

export interface OpenOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'dataDir' | 'adminToken'> &
    Partial<LimitSettings> &
    Partial<SignInSettings>;
  readonly database: Database;
  readonly log: Log;
  readonly schema: GraphQLSchema;
  readonly fillContext: (context: GraphqlContext) => void;
  /** How the change log names whoever signs in by the printed link. */
  readonly signInLabel: string;
  readonly limits?: ParamsLimits;
  readonly subscriptions?: SubscriptionLimits;
  readonly lanes?: LaneLimits;
  /** Calls `look` whenever somebody's rights were changed; returns what ends that. */
  readonly onAccessChange: (look: () => void) => () => void;
  /** Documents that may be named instead of sent; none unless given. */
  readonly operations?: RegisteredOperations;
  /** Of the REST API; none unless given. */
  readonly routes?: readonly RestRoute[];
  /** Kept files; those of the data folder unless given. */
  readonly files?: Files;
  /** What sources are reached through; without it their public addresses do not answer. */
  readonly sources?: SourcesHouse;
  /** What rates are measured by; the system's unless given. */
  readonly clock?: Clock;
}

export interface OpenServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** Opens one browser session, within 15 minutes. A secret. */
  readonly signInLink: string;
  /** Accepts nothing more and lets open requests finish, for six seconds at most. */
  readonly stop: () => Promise<void>;
}

const NO_OPERATIONS: RegisteredOperations = { all: [], find: () => undefined };
const GRACE_MS = 6_000;
/** Longer than any upload takes: what is older was left by a process that was killed. */
const UPLOAD_AGE_MS = 86_400_000;

/**
 * Opens the server.
 * @throws AppError PORT_IN_USE, CONFIG_INVALID
 */
export async function openServer(options: OpenOptions): Promise<OpenServer> {
  const { config, database, log } = options;
  const uploads = await openUploads(config.dataDir);
  const version = readVersion();
  const stopping = new AbortController();
  const access = { database, adminToken: config.adminToken };
  let address = '';
  const site = { baseUrl: () => config.publicUrl ?? address };
  const registered = options.operations ?? NO_OPERATIONS;
  const metrics = openMetrics({ database, version, operations: registered.all.map(({ name }) => name) });
  const fillContext = (context: GraphqlContext): void => {
    siteSlot.set(context, site);
    requestTimesSlot.set(context, metrics.requestTimes);
    options.fillContext(context);
  };
  // Of both APIs: what an actor asks by one counts for the other.
  const shared = {
    limits: options.limits ?? PARAMS_LIMITS,
    lanes: createLanes(options.lanes ?? LANE_LIMITS),
    rates: createRateLimits(config.rateLimit ?? DEFAULT_RATE_LIMIT, options.clock),
    origins: config.corsOrigins ?? [],
    log,
  };
  const listener = createHttpHandler({
    ...shared,
    access,
    database,
    files: options.files ?? openFiles(config.dataDir, database.write),
    graphql: createGraphqlServer({ ...options, fillContext }),
    rest: createRestServer({ ...shared, database, fillContext, version, routes: options.routes ?? [] }),
    docs: createDocs(options.schema, STARTER_QUERIES),
    graphiql: createGraphiqlFiles(),
    health: () => checkHealth(database, version, log),
    oidc: config.oidc && (await import('../access/oidc.ts')).createOidc(config.oidc, log),
    baseUrl: site.baseUrl,
    sources: options.sources,
    metrics: createMetricsRoute(access, metrics),
    uploads,
    operations: createOperationLookup(registered, config.operations ?? 'any'),
    stopping: stopping.signal,
  });
  const start = async () => {
    // Before the port is open: should the database refuse the code, nothing is left listening.
    const code = await createSignInCode(database, { label: options.signInLabel, role: 'admin' });
    return { code, ...(await listen(oneAfterAnother(observeRequests(listener)), config.host, config.port)) };
  };
  const { code, url, close } = await start().catch((thrown: unknown) => {
    metrics.close();
    throw thrown;
  });
  address = url;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await close(GRACE_MS);
    metrics.close();
  };
  return { url, signInLink: signInLink(site.baseUrl(), code), stop };
}

async function openUploads(dataDir: string): Promise<string> {
  const folder = uploadsFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another process on this data folder may be receiving one.
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))).mtimeMs;
    if (age > UPLOAD_AGE_MS) await rm(path, { force: true });
  }
  return folder;
}
