/**
 * The only way out to other servers. Addresses of private networks are refused unless a setting allows them, nothing waits for
 * ever, redirects take no credentials to another host, and nothing is tried again: whoever asks decides that.
 */
import { isIP, type LookupFunction } from 'node:net';
import type { Agent, fetch as undiciFetch } from 'undici';
import { AppError } from '../kernel/errors.ts';
import type { AgentTimes } from './agent.ts';
import { followRedirects } from './follow-redirects.ts';
import { createGuard, type Guard, plainHost, portOf } from './guard.ts';
import { asResponse, meaningOf } from './received-response.ts';
import { createRoutes } from './routes.ts';
import { readSent, type SentRequest } from './sent-request.ts';

export interface OutboundOptions {
  /** Hosts, addresses and ranges of private networks that may be spoken with all the same. */
  readonly allow?: readonly string[];
  /** Origins and where they are led, such as `{"https://api.dropboxapi.com": "http://127.0.0.1:9000/dropbox"}`. */
  readonly routes?: Readonly<Record<string, string>>;
  readonly times?: Partial<AgentTimes>;
  /** The system's unless given. */
  readonly lookup?: LookupFunction;
}

export interface Outbound {
  /**
   * As the global one. Redirects are followed, five at most, unless `redirect` says otherwise.
   * @throws AppError ADDRESS_NOT_ALLOWED, and TypeError `fetch failed` with its cause as the global one does
   */
  readonly fetch: typeof globalThis.fetch;
  /** The same for answers that are held back until something happens, for minutes. */
  readonly patientFetch: typeof globalThis.fetch;
  /**
   * What can be said of an address before it is connected to: that it is public, or allowed. Without TLS only what is allowed is.
   * @throws AppError ADDRESS_NOT_ALLOWED
   */
  readonly requireReachable: (url: URL) => void;
  readonly close: () => Promise<void>;
}

const TIMES: AgentTimes = { connectMs: 10_000, headersMs: 60_000, silenceMs: 60_000 };
/** Dropbox holds an answer back for 480 seconds and up to 90 more. */
const PATIENT_MS = 600_000;

interface Way {
  readonly fetch: typeof undiciFetch;
  readonly agent: Agent;
}

/** Opens the way out. Nothing is loaded before it is used: a hub without sources never does. */
export function createOutbound({ allow = [], routes = {}, times, lookup }: OutboundOptions = {}): Outbound {
  const led = createRoutes(routes);
  const guard = createGuard(allow, led.targets);
  const ways = new Map<number, Promise<Way>>();
  const open = async (headersMs: number): Promise<Way> => {
    const [{ fetch }, { openAgent }] = await Promise.all([import('undici'), import('./agent.ts')]);
    return { fetch, agent: openAgent(guard, { ...TIMES, ...times, headersMs }, lookup) };
  };
  const wayOf = (headersMs: number): Promise<Way> => {
    const way = ways.get(headersMs) ?? open(headersMs);
    ways.set(headersMs, way);
    return way;
  };
  const fetchWithin =
    (headersMs: number): typeof globalThis.fetch =>
    async (input, init) => {
      const sent = await readSent(input, init);
      const { fetch, agent } = await wayOf(headersMs);
      const once = async ({ url, ...request }: SentRequest): Promise<Response> => {
        const { headers, method, body, signal } = request;
        try {
          const answer = await fetch(led.lead(url), {
            dispatcher: agent,
            redirect: 'manual',
            method,
            headers: [...headers],
            body,
            duplex: 'half',
            ...(signal && { signal }),
          });
          return asResponse(answer, url);
        } catch (thrown) {
          throw meaningOf(thrown);
        }
      };
      return followRedirects(sent, led.lead, once);
    };
  return {
    fetch: fetchWithin(times?.headersMs ?? TIMES.headersMs),
    patientFetch: fetchWithin(PATIENT_MS),
    requireReachable: (url) => requireReachable(guard, url),
    close: async () => {
      const opened = await Promise.allSettled(ways.values());
      ways.clear();
      for (const way of opened) if (way.status === 'fulfilled') await way.value.agent.destroy();
    },
  };
}

function requireReachable(guard: Guard, url: URL): void {
  const { hostname, protocol } = url;
  const host = plainHost(hostname);
  if (guard.trusts(hostname, portOf(url)) || guard.allows(host)) return;
  if (isIP(host) !== 0 || host === 'localhost' || host.endsWith('.localhost')) guard.require(hostname, host);
  if (protocol === 'https:') return;
  throw new AppError('ADDRESS_NOT_ALLOWED', 'What is sent to another network is sent by https', {
    hint: 'Use an https address, or have an administrator list the host in the setting CAIRN_ALLOW_PRIVATE.',
  });
}
