/** Traces, where settings say where to send them: a start without them loads nothing of OpenTelemetry. */
import type { Log } from '../../kernel/log.ts';
import type { TracingSettings } from '../../kernel/tracing-settings.ts';
import type { Tracing } from './tracing.ts';

const NONE: Tracing = { close: async () => undefined };

/** Begins to send spans of requests, operations, statements and imports. Whoever opens it closes it. */
export async function openTracing(settings: TracingSettings | undefined, version: string, log: Log): Promise<Tracing> {
  if (settings === undefined) return NONE;
  const { sendSpans } = await import('./send-spans.ts');
  return sendSpans(settings, version, log);
}
