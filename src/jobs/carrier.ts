/** What carries jobs to workers, as few words as another queue would need to take its place. It knows keys only. */
import type pg from 'pg';

/** A delivery: the queue gives it to one worker at a time, until it is dropped. */
export interface Ticket {
  /** A UUID. */
  readonly ticket: string;
  readonly jobId: string;
}

export interface Posting extends Ticket {
  /** Whose jobs share their turns. */
  readonly actor: string;
  /** When it may be taken. */
  readonly notBefore: Date;
  /** Those of a higher one are taken first. */
  readonly priority: number;
}

export interface Taking {
  readonly kind: string;
  readonly most: number;
  /** Actors whose tickets are left where they are. */
  readonly without: readonly string[];
  /** How many of one actor's tickets may be out at once. */
  readonly perActor: number;
}

export interface Carrier {
  /** Makes a kind's queue if there is none. */
  readonly open: (kind: string) => Promise<void>;
  /** Within the caller's transaction. */
  readonly post: (client: pg.ClientBase, kind: string, postings: readonly Posting[]) => Promise<void>;
  /** Those of the highest priority first, and of them the oldest. */
  readonly take: (taking: Taking) => Promise<readonly Ticket[]>;
  /** Those of the tickets that wait to be taken, or were taken less than `seconds` ago. */
  readonly alive: (kind: string, tickets: readonly string[], seconds: number) => Promise<readonly string[]>;
  /** Forgets tickets, taken or not, within the caller's transaction; those that are gone already do not matter. */
  readonly drop: (client: pg.ClientBase, kind: string, tickets: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}
