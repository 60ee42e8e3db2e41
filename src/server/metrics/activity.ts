/** What this process does, counted and timed while it happens. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { connectionsSeen, statementsSeen } from '../../database/session.ts';
import { importsSeen } from '../../ingest/import-file.ts';
import { jobsSeen } from '../../jobs/run-job.ts';
import { asAppError } from '../../kernel/errors.ts';
import { requestsSeen } from '../observed-requests.ts';
import { restSeen } from '../observed-rest.ts';
import { operationsSeen, subscriptionsSeen } from '../operations-seen.ts';
import { boundedNames, methodOf, routeOf } from './names.ts';

/** Seconds: from a lookup by key to the longest that a statement of the API may take. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds: from a small file to a night's work. */
const IMPORT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
/** Of statements: their labels stand in the code, so that more than this would be a fault. */
const MOST_STATEMENTS = 500;

/** Registers the instruments and watches. Returns what ends the watching. */
export function measureActivity(registry: Registry, registeredOperations: Iterable<string>): () => void {
  const endings = [
    measureRequests(registry),
    measureOperations(registry, registeredOperations),
    measureRest(registry),
    measureSubscriptions(registry),
    measureStatements(registry),
    measureConnections(registry),
    measureImports(registry),
    measureJobs(registry),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function measureRequests(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'cairn_http_request_duration_seconds',
    help: 'HTTP requests by route, method and status; status "left" where the client left before the answer. Streams of events are counted in cairn_http_streams_total.',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const streams = new Counter({
    name: 'cairn_http_streams_total',
    help: 'Streams of events that have ended, by route.',
    labelNames: ['route'],
    registers: [registry],
  });
  return requestsSeen.watch(({ method, path }) => ({
    ended: ({ seconds, result }) => {
      const route = routeOf(path);
      if (result?.isStream === true) streams.inc({ route });
      else durations.observe({ route, method: methodOf(method), status: String(result?.status ?? 'left') }, seconds);
    },
  }));
}

function measureOperations(registry: Registry, registered: Iterable<string>): () => void {
  const durations = new Histogram({
    name: 'cairn_graphql_operation_duration_seconds',
    help: 'GraphQL operations by name, kind and code (OK, or that of the first error), from their text to their answer. A subscription ends when its stream is open.',
    labelNames: ['operation', 'kind', 'code'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const label = boundedNames(registered);
  return operationsSeen.watch((seen) => ({
    ended: ({ seconds, result }) => {
      const { name, kind = 'none' } = seen;
      const code = seen.code ?? (result !== undefined && result.status < 400 ? 'OK' : 'INTERNAL');
      durations.observe({ operation: kind === 'none' ? 'unreadable' : label(name), kind, code }, seconds);
    },
  }));
}

/** Its labels are the operations that there are: no client can make one. */
function measureRest(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'cairn_rest_request_duration_seconds',
    help: 'REST requests by operation and code (OK, or that of the problem), from when their route was found until their answer was sent.',
    labelNames: ['operation', 'code'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return restSeen.watch((seen) => ({
    ended: ({ seconds }) => durations.observe({ operation: seen.operationId, code: seen.code ?? 'OK' }, seconds),
  }));
}

function measureSubscriptions(registry: Registry): () => void {
  const open = new Gauge({
    name: 'cairn_subscriptions_open',
    help: 'Subscriptions that clients hold open now.',
    registers: [registry],
  });
  return subscriptionsSeen.watch(() => {
    open.inc();
    return { ended: () => open.dec() };
  });
}

function measureStatements(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'cairn_sql_statement_duration_seconds',
    help: 'SQL statements by label, from when they were sent to their last row.',
    labelNames: ['statement'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const errors = new Counter({
    name: 'cairn_sql_statement_errors_total',
    help: 'SQL statements that failed, by label.',
    labelNames: ['statement'],
    registers: [registry],
  });
  const name = boundedNames([], MOST_STATEMENTS);
  return statementsSeen.watch(({ label }) => ({
    ended: ({ seconds, error }) => {
      const statement = name(label);
      durations.observe({ statement }, seconds);
      if (error !== undefined) errors.inc({ statement });
    },
  }));
}

function measureConnections(registry: Registry): () => void {
  const waits = new Histogram({
    name: 'cairn_sql_connection_wait_seconds',
    help: 'How long sessions waited for a connection of their pool.',
    labelNames: ['pool'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return connectionsSeen.watch(({ pool }) => ({ ended: ({ seconds }) => waits.observe({ pool }, seconds) }));
}

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'rejected', 'derived'] as const;

function measureImports(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'cairn_import_duration_seconds',
    help: 'Files that this process took in, by dataset and status: imported, unchanged, failed, or dry_run.',
    labelNames: ['dataset', 'status'],
    buckets: IMPORT_BUCKETS,
    registers: [registry],
  });
  const records = new Counter({
    name: 'cairn_import_records_total',
    help: 'Records of those files, by dataset and what became of them; derived ones come on top.',
    labelNames: ['dataset', 'outcome'],
    registers: [registry],
  });
  return importsSeen.watch(({ dataset }) => ({
    ended: ({ seconds, result, error }) => {
      const status =
        result === undefined ? asAppError(error).code.toLowerCase() : result.dryRun ? 'dry_run' : result.status;
      durations.observe({ dataset, status }, seconds);
      if (result === undefined || result.dryRun) return;
      for (const outcome of OUTCOMES) if (result[outcome] > 0) records.inc({ dataset, outcome }, result[outcome]);
    },
  }));
}

function measureJobs(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'cairn_job_duration_seconds',
    help: 'Attempts of jobs that this process made, by kind and outcome: completed, failed, cancelled, retried, given back (the process stopped), lost (another took it over).',
    labelNames: ['kind', 'outcome'],
    buckets: IMPORT_BUCKETS,
    registers: [registry],
  });
  return jobsSeen.watch(({ kind }) => ({
    ended: ({ seconds, result }) => durations.observe({ kind, outcome: result ?? 'failed' }, seconds),
  }));
}
