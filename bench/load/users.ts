/** Honest users, and what they were answered. */
import { join } from 'node:path';
import { askChild } from '../clients/child.ts';
import type { LibrarySize } from '../reads/library.ts';

export interface UsersRequest {
  readonly url: string;
  /** One per user; connections are shared out among them. */
  readonly tokens: readonly string[];
  readonly size: LibrarySize;
  readonly seed: number;
  readonly seconds: number;
  /** Connections, each of which sends its next request when it has its answer. */
  readonly connections: number;
  /** Requests a second, of all together; as fast as they are answered unless given. */
  readonly pace?: number;
  /** Subscriptions held open beside that. */
  readonly streams: number;
}

export interface SlowQuestion {
  readonly name: string;
  readonly requests: number;
  /** Milliseconds. */
  readonly p50: number;
}

export interface UsersFigures {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
  /** The questions that are waited for longest, by their medians. */
  readonly slow: readonly SlowQuestion[];
  readonly errors: number;
  /** The first few errors, in words. */
  readonly told: readonly string[];
  /** Processors that their process kept busy. */
  readonly processors: number;
  /** Subscriptions that were opened, events that they brought. */
  readonly streams: number;
  readonly events: number;
}

/** Lets the users ask from a process of their own. */
export const askAsUsers = (request: UsersRequest): Promise<UsersFigures> =>
  askChild<UsersRequest, UsersFigures>(join(import.meta.dirname, 'users-process.ts'), request);

/** Of errors and of slow questions: the first say enough. */
export const MOST_TOLD = 5;
