/** The SDK as this connector uses it: no retries (it would cut a long wait short), the token of the moment, one way out. */
import type { Client } from '@notionhq/client';
import type { ConnectorContext } from '../connector.ts';
import { notionError } from './errors.ts';
import type { NotionSettings } from './settings.ts';

/** The version whose shapes are read here. */
const VERSION = '2026-03-11';

export type NotionContext = ConnectorContext<NotionSettings>;

export interface Notion {
  readonly context: NotionContext;
  /** Runs one request. @throws ConnectorError for whatever Notion or the way to it has to say */
  readonly call: <T>(ask: (client: Client) => Promise<T>) => Promise<T>;
}

export async function openNotion(context: NotionContext): Promise<Notion> {
  const { Client } = await import('@notionhq/client');
  const client = new Client({ notionVersion: VERSION, retry: false, fetch: authorised(context), logger: nothing });
  return {
    context,
    async call(ask) {
      context.signal.throwIfAborted();
      try {
        return await ask(client);
      } catch (thrown) {
        throw notionError(thrown, context.signal);
      }
    },
  };
}

type NotionFetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>;

function authorised(context: NotionContext): NotionFetch {
  return async (url, init) => {
    const { accessToken } = await context.auth.get();
    const response = await context.fetch(url, {
      method: init?.method ?? 'GET',
      headers: { ...init?.headers, authorization: `Bearer ${accessToken}` },
      ...(init?.body === undefined ? {} : { body: init.body }),
      signal: context.signal,
    });
    // The SDK's own word for an answer knows less of a body's reader than there is; its streams are not used here.
    return { ok: response.ok, status: response.status, headers: response.headers, text: () => response.text() };
  };
}

/** What goes wrong is thrown. */
function nothing(): void {}
