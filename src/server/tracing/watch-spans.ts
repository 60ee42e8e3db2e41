/**
 * Spans of what is watched: request, operation, statement, import, each within the one that caused it. They carry labels of
 * the code and names that clients gave their operations, never a document, a parameter, an address or an error's words.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { sqlState } from '../../database/errors.ts';
import { connectionsSeen, statementsSeen } from '../../database/session.ts';
import { importsSeen } from '../../ingest/import-file.ts';
import { asAppError } from '../../kernel/errors.ts';
import { methodOf, routeOf } from '../metrics/names.ts';
import { requestsSeen } from '../observed-requests.ts';
import { restSeen } from '../observed-rest.ts';
import { operationsSeen } from '../operations-seen.ts';
import { remoteParent } from './remote-parent.ts';

/** Asked by machines all day long: their traces would hide the others. */
const UNTRACED = new Set(['/health', '/metrics']);
/** Shorter waits for a connection say nothing. */
const TOLD_WAIT = 0.001;

/** Begins to watch; returns what ends it. */
export function watchSpans(tracer: Tracer): () => void {
  const storage = new AsyncLocalStorage<Context>();
  const within = (context: Context) => ({ around: <T>(work: () => T): T => storage.run(context, work) });
  const endings = [
    requestsSeen.watch(({ method, path, traceparent, tracestate }) => {
      const route = routeOf(path);
      if (UNTRACED.has(route)) return { ended: () => undefined };
      const parent = remoteParent(traceparent, tracestate);
      const attributes = { 'http.request.method': methodOf(method), 'http.route': route };
      const span = tracer.startSpan(`${methodOf(method)} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      return {
        ...within(trace.setSpan(parent, span)),
        ended: ({ result }) => {
          span.setAttribute('cairn.request_id', result?.requestId ?? '');
          if (result?.status !== undefined) span.setAttribute('http.response.status_code', result.status);
          if (result?.status === undefined) span.setAttribute('error.type', 'client_left');
          else if (result.status >= 500) fail(span, String(result.status));
          span.end();
        },
      };
    }),
    operationsSeen.watch((seen) => {
      const parent = storage.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan('GraphQL', {}, parent);
      return {
        ...within(trace.setSpan(parent, span)),
        ended: () => {
          const { name, kind, code } = seen;
          if (kind !== undefined) span.updateName(name === undefined ? kind : `${kind} ${name}`);
          span.setAttributes({
            ...(kind !== undefined && { 'graphql.operation.type': kind }),
            ...(name !== undefined && { 'graphql.operation.name': name }),
          });
          if (code !== undefined) fail(span, code);
          span.end();
        },
      };
    }),
    restSeen.watch((seen) => {
      const parent = storage.getStore() ?? ROOT_CONTEXT;
      const attributes = { 'cairn.rest.operation': seen.operationId };
      const span = tracer.startSpan(`REST ${seen.operationId}`, { attributes }, parent);
      return {
        ...within(trace.setSpan(parent, span)),
        ended: () => {
          if (seen.code !== undefined) fail(span, seen.code);
          span.end();
        },
      };
    }),
    importsSeen.watch(({ dataset, importId }) => {
      const parent = storage.getStore() ?? ROOT_CONTEXT;
      const attributes = { 'cairn.dataset': dataset, 'cairn.import_id': importId };
      const span = tracer.startSpan(`import ${dataset}`, { attributes }, parent);
      return {
        ...within(trace.setSpan(parent, span)),
        ended: ({ result, error }) => {
          if (result === undefined) fail(span, asAppError(error).code);
          else {
            const { status, read, inserted, updated, rejected, dryRun } = result;
            const counts = { read, inserted, updated, rejected };
            for (const [what, count] of Object.entries(counts)) span.setAttribute(`cairn.records.${what}`, count);
            span.setAttributes({ 'cairn.import_status': status, 'cairn.dry_run': dryRun });
            if (result.error !== null) fail(span, result.error.code);
          }
          span.end();
        },
      };
    }),
    statementsSeen.watch(({ label }) => {
      const parent = storage.getStore();
      // What nobody asked for, such as upkeep, would be a trace of one span each.
      if (parent === undefined) return { ended: () => undefined };
      const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': label };
      const span = tracer.startSpan(label, { kind: SpanKind.CLIENT, attributes }, parent);
      return {
        ended: ({ error }) => {
          if (error !== undefined) fail(span, sqlState(error) ?? 'connection');
          span.end();
        },
      };
    }),
    connectionsSeen.watch(({ pool }) => {
      const parent = storage.getStore();
      const startTime = Date.now();
      return {
        ended: ({ seconds, error }) => {
          if (parent === undefined || (seconds < TOLD_WAIT && error === undefined)) return;
          const span = tracer.startSpan(`wait for a connection to ${pool}`, { startTime }, parent);
          if (error !== undefined) fail(span, sqlState(error) ?? 'connection');
          span.end();
        },
      };
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
