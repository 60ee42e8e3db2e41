/** The pool of connections. What it connects to is checked here, where no spelling of an address and no redirect gets around. */
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { asAppError } from '../kernel/errors.ts';
import { type Guard, plainHost } from './guard.ts';

export interface AgentTimes {
  /** Milliseconds to connect, TLS included. */
  readonly connectMs: number;
  /** Milliseconds from a request to the first line of its answer. */
  readonly headersMs: number;
  /** Milliseconds of silence within a body. */
  readonly silenceMs: number;
}

/** Opens it; whoever opens it closes it. `lookup` is the system's unless given. */
export function openAgent(guard: Guard, times: AgentTimes, lookup: LookupFunction = systemLookup): Agent {
  const trusting = buildConnector({ timeout: times.connectMs, lookup });
  const guarded = buildConnector({ timeout: times.connectMs, lookup: guardedLookup(guard, lookup) });
  return new Agent({
    headersTimeout: times.headersMs,
    bodyTimeout: times.silenceMs,
    connect: (options, callback) => {
      const { hostname } = options;
      if (guard.trusts(hostname, Number(options.port) || (options.protocol === 'https:' ? 443 : 80)))
        return trusting(options, callback);
      const host = plainHost(hostname);
      // A literal is never looked up.
      const fault = isIP(host) === 0 ? undefined : faultOf(() => guard.require(hostname, host));
      if (fault !== undefined) return callback(fault, null);
      guarded(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
        if (error !== null || socket === null) return callback(error ?? new Error('There is no connection'), null);
        // Whatever was looked up, this is who answers.
        const { remoteAddress } = socket;
        const wrong = faultOf(() => guard.require(hostname, remoteAddress ?? ''));
        if (wrong === undefined) return callback(null, socket);
        socket.destroy();
        callback(wrong, null);
      });
    },
  });
}

/** Looks a name up once; what it gives is what is connected to. One address that is not allowed refuses the name: it is no accident. */
function guardedLookup(guard: Guard, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const fault = faultOf(() => {
        for (const { address } of addresses) guard.require(hostname, address);
      });
      if (fault !== undefined) return callback(fault, []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function faultOf(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    return asAppError(thrown);
  }
}
