import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request on its way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly requestId: string;
  /** A proxy that ends TLS says so; a client that says so itself only makes its own cookie stricter. */
  readonly secure: boolean;
}

/** Whether a person looks at a page: scripts ask for JSON, or for anything. */
export function wantsPage({ request }: Exchange): boolean {
  return (
    (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')
  );
}
