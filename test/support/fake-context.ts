/** A connector's context over a fake. */
import { silentLog } from '../../src/kernel/log.ts';
import type { ConnectorContext } from '../../src/sources/connector.ts';
import type { HttpFake } from './http-fake.ts';

/** `signal` never fires unless given. */
export function contextOver(
  fake: Pick<HttpFake, 'fetch' | 'tokens'>,
  rest: {
    readonly settings: unknown;
    readonly keys?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal | undefined;
  },
): ConnectorContext {
  return {
    settings: rest.settings,
    keys: rest.keys ?? {},
    auth: fake.tokens.auth,
    fetch: fake.fetch,
    signal: rest.signal ?? new AbortController().signal,
    log: silentLog(),
  };
}
