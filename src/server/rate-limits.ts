/**
 * How much one actor may ask for, in the points that operations cost, and how often one address may be wrong about who it
 * is. Kept in memory: each process of several counts for itself.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Actor, hasRole } from '../kernel/actor.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { createTokenBuckets } from './token-bucket.ts';

/** What a request costs whatever it asks: it is authenticated, read and parsed. */
export const REQUEST_POINTS = 100;
/** A small import costs little more than its request; a gigabyte of upload a million. */
const BYTES_PER_POINT = 1_024;
/** Tokens and links are too long to be guessed: this is against scripts that try a dead one for ever. */
const FAILURES_PER_MINUTE = 60;

/** What one request spends. Each call tells the client, in headers, what is left. */
export interface Account {
  /** Pays for what is about to be done. @throws AppError RATE_LIMITED, with `Retry-After` set */
  readonly charge: (points: number) => void;
  /** Pays for a body of so many bytes, which is here already: the next request may have to wait for it. */
  readonly received: (bytes: number) => void;
}

export interface RateLimits {
  /** Admins are not limited: what they could knock over they could as well switch off. */
  readonly open: (actor: Actor, response: ServerResponse) => Account;
  /**
   * Counts a wrong token, session or sign-in code of this request's address. What is right always passes: behind one proxy
   * one broken script would else shut everyone out.
   * @throws AppError RATE_LIMITED instead of what was to be answered, once there are too many
   */
  readonly failed: (request: IncomingMessage, response: ServerResponse) => void;
}

/** `perMinute` points for each actor, as many at once after a quiet minute; 0 for no limit. */
export function createRateLimits(perMinute: number, clock: Clock = systemClock): RateLimits {
  const actors = createTokenBuckets({ capacity: perMinute, perMinute, clock });
  const addresses = createTokenBuckets({ capacity: FAILURES_PER_MINUTE, perMinute: FAILURES_PER_MINUTE, clock });
  return {
    open: (actor, response) => {
      const isLimited = perMinute > 0 && !hasRole(actor, 'admin');
      let spent = 0;
      const tell = (remaining: number, wait: number): void => {
        if (response.headersSent) return;
        response.setHeader('ratelimit-policy', `"points";q=${perMinute};w=60`);
        response.setHeader('ratelimit', `"points";r=${remaining};t=${seconds(wait)}`);
      };
      const add = (points: number): void => {
        spent += points;
        // What is counted while the answer is under way cannot be told any more.
        if (!response.headersSent) response.setHeader('x-cairn-cost', spent);
      };
      return {
        charge: (points) => {
          if (isLimited) {
            const { isTaken, remaining, wait } = actors.take(actor.label, points, spent);
            tell(remaining, wait);
            if (!isTaken) {
              throw tooMuch(
                response,
                wait,
                `This costs ${points} points, and ${remaining} are left of ${perMinute} a minute`,
              );
            }
          }
          add(points);
        },
        received: (bytes) => {
          const points = Math.floor(bytes / BYTES_PER_POINT);
          if (points === 0) return;
          if (isLimited) {
            const { remaining, wait } = actors.owe(actor.label, points);
            tell(remaining, wait);
          }
          add(points);
        },
      };
    },
    failed: (request, response) => {
      const { isTaken, wait } = addresses.take(addressOf(request), 1);
      if (!isTaken) throw tooMuch(response, wait, 'Too many wrong tokens or sign-in links came from this address');
    },
  };
}

function tooMuch(response: ServerResponse, wait: number, message: string): AppError {
  response.setHeader('retry-after', seconds(wait));
  return new AppError('RATE_LIMITED', message, { hint: `Wait ${seconds(wait)} s, as the header Retry-After says.` });
}

const seconds = (milliseconds: number): number => Math.max(Math.ceil(milliseconds / 1_000), 1);

/** An IPv6 client owns the addresses of a whole network, so that network counts as one. */
function addressOf({ socket }: IncomingMessage): string {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return address.includes(':') ? (address.split('::')[0] ?? '').split(':').slice(0, 4).join(':') : address;
}
