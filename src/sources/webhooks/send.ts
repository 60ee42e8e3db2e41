/** One attempt to tell one place: what it answers is its status and its headers; a body is nobody's business. */
import type { Outbound } from '../../outbound/outbound.ts';
import { retryAfterOf } from '../kit/retry-after.ts';
import { signatureOf } from './signature.ts';

export interface Sending {
  readonly url: string;
  readonly secret: string;
  readonly deliveryId: string;
  readonly event: string;
  readonly body: string;
}

export interface Sent {
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** Milliseconds until the answer's first line, or until it was given up. */
  readonly ms: number;
  /** Why it counts as not told; undefined where it was. */
  readonly error: string | undefined;
  /** Milliseconds that the place asks to wait. */
  readonly retryAfterMs: number | undefined;
}

/** Longer than whoever does something of consequence later should take to say that they heard. */
const LIMIT_MS = 15_000;

/** Sends it. It never fails: what went wrong is told. */
export async function send(
  { fetch }: Pick<Outbound, 'fetch'>,
  { url, secret, deliveryId, event, body }: Sending,
  stopping: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<Sent> {
  const begun = performance.now();
  const msNow = (): number => Math.round(performance.now() - begun);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      // Its address was checked when it was made; who answers under another one was not asked for.
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(limitMs)]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Cairn-Webhooks/1',
        'x-cairn-event': event,
        'x-cairn-delivery': deliveryId,
        'x-cairn-signature': signatureOf(secret, body, Math.floor(Date.now() / 1000)),
      },
    });
    const ms = msNow();
    // Megabytes may follow.
    await answer.body?.cancel();
    const { status } = answer;
    const isTold = status >= 200 && status < 300;
    const isElsewhere = status >= 300 && status < 400;
    const error = isTold ? undefined : isElsewhere ? 'It redirects, which is not followed' : `It answered ${status}`;
    return { status, ms, error, retryAfterMs: retryAfterOf(answer) };
  } catch (thrown) {
    return { status: undefined, ms: msNow(), error: reasonOf(thrown, limitMs), retryAfterMs: undefined };
  }
}

function reasonOf(thrown: unknown, limitMs: number): string {
  if (!(thrown instanceof Error)) return 'There was no answer';
  if (thrown.name === 'TimeoutError') return `There was no answer within ${limitMs / 1000} seconds`;
  const { cause } = thrown;
  const why = thrown.message === 'fetch failed' && cause instanceof Error ? cause.message : thrown.message;
  return why.slice(0, 500);
}
