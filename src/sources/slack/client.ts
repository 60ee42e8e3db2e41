/** The SDK as this connector uses it: no retries, no waiting, the token of the moment, and no way out but the context's. */
import type { WebClient } from '@slack/web-api';
import type { ConnectorContext } from '../connector.ts';
import { slackError } from './errors.ts';
import type { SlackSettings } from './settings.ts';

export type SlackContext = ConnectorContext<SlackSettings>;

export interface Slack {
  readonly context: SlackContext;
  /** Runs one call. @throws ConnectorError for whatever Slack or the way to it has to say */
  readonly call: <T>(ask: (client: WebClient) => Promise<T>) => Promise<T>;
}

export async function openSlack(context: SlackContext): Promise<Slack> {
  const { WebClient, LogLevel } = await import('@slack/web-api');
  const client = new WebClient(undefined, {
    fetch: authorised(context),
    // The SDK would hold its whole queue back and wait here; the run is put off instead.
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: nothing,
      setLevel: nothing,
      setName: nothing,
      getLevel: () => LogLevel.ERROR,
    },
    ...(context.settings.teamId === '' ? {} : { teamId: context.settings.teamId }),
  });
  return {
    context,
    async call(ask) {
      context.signal.throwIfAborted();
      try {
        return await ask(client);
      } catch (thrown) {
        throw slackError(thrown, context.signal);
      }
    },
  };
}

/** The header is set here, so that the SDK never has the token: it would repeat it in the body of each request. */
function authorised(context: SlackContext): typeof globalThis.fetch {
  return async (input, init) => {
    const { accessToken } = await context.auth.get();
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${accessToken}`);
    return context.fetch(input, { ...init, headers, signal: context.signal });
  };
}

/** What goes wrong is thrown, and the SDK's own lines repeat whole requests. */
function nothing(): void {}
