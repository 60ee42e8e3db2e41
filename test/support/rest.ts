/** Requests to the REST API of a test server. */
import { ADMIN_TOKEN } from './api.ts';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: unknown;
}

export type RestAsk = (
  method: string,
  path: string,
  asked?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly token?: string },
) => Promise<RestAnswer>;

/** Asks below the API's root, as the admin unless told otherwise. */
export function restOver(url: string): RestAsk {
  return async (method, path, { body, headers = {}, token = ADMIN_TOKEN } = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
}

/** What stands at a path of names and places, such as `data.0.title`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
      value,
    );
}
