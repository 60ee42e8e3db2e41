/** The metrics of this process and its database, in the text format of Prometheus. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Database } from '../../database/connect.ts';
import { withPatience } from '../patience.ts';
import { measureActivity } from './activity.ts';
import { type DatabaseFigures, keptFigures, MOST_COUNTED, readFigures } from './database-figures.ts';
import { gaugeSources } from './measure-sources.ts';
import { type RequestTimes, readRequestTimes } from './request-times.ts';

export interface Metrics {
  /** The text of one scrape and its content type. Never fails for want of a database. */
  readonly render: () => Promise<{ readonly type: string; readonly body: string }>;
  /** How long requests took since this was opened. */
  readonly requestTimes: () => Promise<readonly RequestTimes[]>;
  /** Ends the watching. */
  readonly close: () => void;
}

export interface MetricsOptions {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly version: string;
  /** Names of operations that have a label of their own whatever else is asked. */
  readonly operations?: Iterable<string>;
}

/** Prometheus waits for ten seconds unless told otherwise. */
const PATIENCE_MS = 3_000;
/** However often it is scraped, the figures are read four times a minute at most. */
const FIGURES = { ageMs: 15_000, patienceMs: PATIENCE_MS };

/** Opens the metrics; whoever opens them closes them. */
export function openMetrics({ database, version, operations = [] }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'cairn_build_info',
    help: 'Always 1; the release and the Node that runs it.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  gaugePools(registry, database);
  const setFigures = gaugeFigures(registry);
  const setSources = gaugeSources(registry);
  const figures = keptFigures(() => readFigures(database.read), FIGURES);
  const close = measureActivity(registry, operations);
  return {
    render: async () => {
      const isUp = await withPatience(database.read.query('SELECT 1'), PATIENCE_MS).then(
        () => true,
        () => false,
      );
      const now = isUp ? await figures() : null;
      setFigures(now);
      setSources(now?.sources);
      return { type: registry.contentType, body: await registry.metrics() };
    },
    requestTimes: () => readRequestTimes(registry),
    close,
  };
}

function gaugePools(registry: Registry, database: MetricsOptions['database']): void {
  const gauge = (name: string, help: string, read: (pool: MetricsOptions['database']['read']) => number): void => {
    const pools = [
      ['read', database.read],
      ['write', database.write],
    ] as const;
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      registers: [registry],
      collect() {
        for (const [pool, connections] of pools) this.set({ pool }, read(connections));
      },
    });
  };
  gauge('cairn_pool_connections', 'Open connections of the pool.', (pool) => pool.totalCount);
  gauge('cairn_pool_connections_idle', 'Open connections that nobody uses.', (pool) => pool.idleCount);
  gauge('cairn_pool_connections_max', 'As many connections as the pool opens at most.', (pool) => pool.options.max);
  gauge('cairn_pool_waiting', 'Sessions that wait for a connection.', (pool) => pool.waitingCount);
}

/** Gauges of what the database says; while it says nothing they are left out, since an old figure would look like a new one. */
function gaugeFigures(registry: Registry): (figures: DatabaseFigures | null) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const up = gauge('cairn_database_up', 'Whether the database answered this scrape: 1 or 0.');
  const rows = gauge('cairn_table_rows', 'Rows of the table, as PostgreSQL estimates them.', 'table');
  const bytes = gauge('cairn_table_bytes', 'Bytes of the table with its indexes and partitions.', 'table');
  const rejects = gauge(
    'cairn_rejects_open',
    `Open rejects of the dataset; counting stops at ${MOST_COUNTED}.`,
    'dataset',
  );
  const running = gauge('cairn_imports_running', 'Imports into the dataset that run now, in any process.', 'dataset');
  const last = gauge(
    'cairn_import_last_success_timestamp_seconds',
    'When the last import into the dataset ended that was imported or unchanged, by any process.',
    'dataset',
  );
  const jobs = gauge('cairn_jobs', 'Jobs that wait (queued) or run, in any process, by kind.', 'kind', 'status');
  const waited = gauge(
    'cairn_job_wait_seconds',
    'How long the oldest job of the kind has waited that may begin; 0 where none waits.',
    'kind',
  );
  return (figures) => {
    for (const each of [rows, bytes, rejects, running, last, jobs, waited]) each.reset();
    up.set(figures === null ? 0 : 1);
    for (const table of figures?.tables ?? []) {
      rows.set({ table: table.name }, table.rows);
      bytes.set({ table: table.name }, table.bytes);
    }
    for (const { dataset, openRejects, running: now, lastGood } of figures?.datasets ?? []) {
      rejects.set({ dataset }, openRejects);
      running.set({ dataset }, now);
      if (lastGood !== null) last.set({ dataset }, lastGood);
    }
    for (const { kind, queued, running: now, waited: seconds } of figures?.jobs ?? []) {
      jobs.set({ kind, status: 'queued' }, queued);
      jobs.set({ kind, status: 'running' }, now);
      waited.set({ kind }, seconds);
    }
  };
}
