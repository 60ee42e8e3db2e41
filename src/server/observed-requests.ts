/** HTTP requests, told to whoever watches. */
import type { RequestListener, ServerResponse } from 'node:http';
import { watched } from '../kernel/watched.ts';

export interface RequestSeen {
  readonly method: string;
  readonly path: string;
  /** The W3C headers that continue a trace, unchecked. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

export interface RequestEnded {
  readonly requestId: string;
  /** Undefined where the client left before it was answered. */
  readonly status: number | undefined;
  /** Whether the answer was a stream of events, whose duration is the client's choice. */
  readonly isStream: boolean;
}

export const requestsSeen = watched<RequestSeen, RequestEnded>();

/** The listener, its requests seen from their headers until their answer is sent or their client has left. */
export function observeRequests(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { traceparent, tracestate } = request.headers;
    const seen = {
      method: request.method ?? '',
      path: (request.url ?? '').split('?', 1)[0] ?? '',
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      tracestate: typeof tracestate === 'string' ? tracestate : undefined,
    };
    const answered = (): Promise<RequestEnded> =>
      new Promise((resolve) => {
        response.once('close', () => resolve(endOf(response)));
        listener(request, response);
      });
    void requestsSeen.observe(seen, answered);
  };
}

function endOf(response: ServerResponse): RequestEnded {
  return {
    requestId: String(response.getHeader('x-request-id') ?? ''),
    status: response.headersSent ? response.statusCode : undefined,
    isStream: String(response.getHeader('content-type') ?? '').startsWith('text/event-stream'),
  };
}
