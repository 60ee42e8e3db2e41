/** What a process that only works answers: /health for whoever watches it, /metrics for whoever has a token. */
import type { Database } from '../database/connect.ts';
import { problemAnswer } from '../http/problem.ts';
import { send, sendJson } from '../http/respond.ts';
import type { Config } from '../kernel/config.ts';
import { AppError, asAppError, isShownToClients } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { Exchange } from './exchange.ts';
import { checkHealth, readVersion } from './health.ts';
import { type Listening, listen } from './listen.ts';
import { openMetrics } from './metrics/metrics.ts';
import { createMetricsRoute } from './metrics-route.ts';

export interface WorkerServerOptions {
  readonly config: Pick<Config, 'host' | 'workerPort' | 'adminToken'>;
  readonly database: Database;
  readonly log: Log;
}

export interface WorkerServer {
  /** Without a slash at its end; undefined where its port is another's. */
  readonly url: string | undefined;
  readonly stop: () => Promise<void>;
}

const GRACE_MS = 1_000;

/**
 * Opens it. A port that somebody else has keeps no worker from working: then it is left out, and the log says so.
 * @throws AppError CONFIG_INVALID for a host that is not this machine's
 */
export async function openWorkerServer({ config, database, log }: WorkerServerOptions): Promise<WorkerServer> {
  const version = readVersion();
  const metrics = openMetrics({ database, version });
  const route = createMetricsRoute({ database, adminToken: config.adminToken }, metrics);
  const answer = async (exchange: Exchange): Promise<void> => {
    const { response, url } = exchange;
    if (url.pathname === '/health') {
      const found = await checkHealth(database, version, log);
      return sendJson(response, found.status === 'ok' ? 200 : 503, found);
    }
    if (url.pathname === '/metrics') return route.answer(exchange, stranger);
    throw new AppError('NOT_FOUND', 'A worker answers /health and /metrics, and nothing else');
  };
  const opened = await listen(
    (request, response) => {
      const requestId = uuidv7();
      const url = new URL(
        URL.canParse(request.url ?? '/', 'http://worker') ? (request.url ?? '/') : '/',
        'http://worker',
      );
      answer({ request, response, url, requestId, secure: false }).catch((thrown: unknown) => {
        const error = asAppError(thrown);
        if (!isShownToClients(error)) log.error({ err: error, requestId }, 'a request failed');
        const shown = isShownToClients(error) ? error : new AppError('INTERNAL', 'Unexpected error.');
        send(response, problemAnswer(shown, requestId));
      });
    },
    config.host,
    config.workerPort ?? 0,
  ).catch((thrown: unknown): Listening | undefined => {
    if (!(thrown instanceof AppError && thrown.code === 'PORT_IN_USE')) throw thrown;
    log.warn(
      { port: config.workerPort },
      'the port for /health and /metrics is used by another program: set CAIRN_WORKER_PORT',
    );
    return undefined;
  });
  return {
    url: opened?.url,
    stop: async () => {
      await opened?.close(GRACE_MS);
      metrics.close();
    },
  };
}

function stranger(): never {
  throw new AppError('UNAUTHENTICATED', 'This needs a token', { hint: 'Send Authorization: Bearer TOKEN.' });
}
