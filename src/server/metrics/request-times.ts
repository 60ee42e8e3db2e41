/** How long requests took, as the metrics of this process know it. */
import type { Registry } from 'prom-client';
import { contextSlot } from '../../graphql/context.ts';

export interface RequestTimes {
  /** As `/metrics` labels it: the operation of REST or GraphQL. */
  readonly operation: string;
  readonly api: 'rest' | 'graphql';
  readonly count: number;
  readonly mean_ms: number;
  /** Half of them were as fast; read off the buckets that they were counted in. */
  readonly p50_ms: number;
  readonly p95_ms: number;
}

/** Since this process began; filled by the server for every request. */
export const requestTimesSlot = contextSlot<() => Promise<readonly RequestTimes[]>>('request times');

const HISTOGRAMS = [
  { name: 'cairn_rest_request_duration_seconds', api: 'rest' },
  { name: 'cairn_graphql_operation_duration_seconds', api: 'graphql' },
] as const;

/** By operation, the most asked first. */
export async function readRequestTimes(registry: Registry): Promise<readonly RequestTimes[]> {
  const times = await Promise.all(
    HISTOGRAMS.map(async ({ name, api }) => {
      const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
      const byOperation = Map.groupBy(values, ({ labels }) => String(labels['operation']));
      return [...byOperation].map(([operation, own]) => ({ operation, api, ...timesOf(own) }));
    }),
  );
  return times.flat().sort((one, other) => other.count - one.count || (one.operation < other.operation ? -1 : 1));
}

interface Value {
  readonly value: number;
  readonly labels: object;
  readonly metricName?: string;
}

/** The buckets of all codes of one operation together. */
function timesOf(values: readonly Value[]): Omit<RequestTimes, 'operation' | 'api'> {
  const sumOf = (suffix: string): number =>
    values.filter(({ metricName }) => metricName?.endsWith(suffix)).reduce((sum, { value }) => sum + value, 0);
  const below = new Map<number, number>();
  for (const { metricName, labels, value } of values) {
    if (!metricName?.endsWith('_bucket')) continue;
    const bound = Number(String(Reflect.get(labels, 'le')).replace('+Inf', 'Infinity'));
    below.set(bound, (below.get(bound) ?? 0) + value);
  }
  const buckets = [...below].sort(([one], [other]) => one - other);
  const count = sumOf('_count');
  return {
    count,
    mean_ms: inMilliseconds(count === 0 ? 0 : sumOf('_sum') / count),
    p50_ms: inMilliseconds(quantile(buckets, count * 0.5)),
    p95_ms: inMilliseconds(quantile(buckets, count * 0.95)),
  };
}

/** Where in its bucket the request of this rank lies, if those within are spread evenly; the last bound where there is no end. */
function quantile(buckets: readonly (readonly [bound: number, below: number])[], rank: number): number {
  let [start, before] = [0, 0];
  for (const [bound, below] of buckets) {
    if (below >= rank && below > before) {
      return Number.isFinite(bound) ? start + ((bound - start) * (rank - before)) / (below - before) : start;
    }
    if (Number.isFinite(bound)) start = bound;
    before = below;
  }
  return start;
}

const inMilliseconds = (seconds: number): number => Math.round(seconds * 1_000_000) / 1_000;
