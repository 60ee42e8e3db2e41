/** From spans to an OTLP collector: batched, bounded, and never in the way of an answer. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../../kernel/log.ts';
import type { TracingSettings } from '../../kernel/tracing-settings.ts';
import type { Tracing } from './tracing.ts';
import { watchSpans } from './watch-spans.ts';

/** A batch and its retries; while one waits the next fills up, and beyond the queue spans are dropped. */
const EXPORT_MS = 2_500;
const QUEUE = 2_048;
/** Longer than a batch takes, so that a stop says what it lost. */
const CLOSE_MS = 3_000;
/** A collector that is down for a night is one line a minute. */
const WARN_EVERY_MS = 60_000;

/** Starts sending. */
export function sendSpans({ url, headers, serviceName, ratio }: TracingSettings, version: string, log: Log): Tracing {
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    // A caller that has decided whether its trace is kept is followed.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: warnedOf(exporter, log),
        maxQueueSize: QUEUE,
        scheduledDelayMillis: 1_000,
        exportTimeoutMillis: EXPORT_MS + 1_000,
      }),
    ],
  });
  const end = watchSpans(provider.getTracer('cairn', version));
  log.info({ url: withoutPassword(url) }, 'traces are sent');
  return {
    close: async () => {
      end();
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, CLOSE_MS);
      const stopped = provider.shutdown().catch((err: unknown) => log.debug({ err }, 'the last spans were not sent'));
      await Promise.race([stopped, late.promise]);
      clearTimeout(timer);
    },
  };
}

/** The exporter, whose failures are told: OpenTelemetry itself says nothing of them. */
function warnedOf(exporter: SpanExporter, log: Log): SpanExporter {
  let lost = 0;
  let warned = Number.NEGATIVE_INFINITY;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) {
          lost += spans.length;
          if (performance.now() - warned > WARN_EVERY_MS) {
            warned = performance.now();
            log.warn({ reason: result.error?.message, spans: lost }, 'the collector did not take spans: they are lost');
            lost = 0;
          }
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function withoutPassword(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
