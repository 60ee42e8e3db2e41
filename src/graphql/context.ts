/** What every resolver gets: who asks, and one snapshot to answer from. */
import type { QueryResultRow } from 'pg';
import type { Telling } from '../database/actors-query.ts';
import type { Database } from '../database/connect.ts';
import { readOnce, readText } from '../database/read-once.ts';
import { type Query, readSession } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';

/** What an operation reads from: one snapshot at a time, and no connection before its first statement. */
export interface Reads {
  /** One statement on the current snapshot, which it opens if there is none. */
  readonly query: Query;
  /** One statement on a snapshot of its own, which ends with it. */
  readonly once: Query;
  /** The same of a statement that gives one text: its bytes; undefined where there is no row or it is NULL. */
  readonly text: (label: string, sql: string, params: readonly unknown[]) => Promise<Buffer | undefined>;
  /** Whether one of these was told who acts and read: before that, nobody knows that a presumed actor is who it was. */
  readonly isTold: () => boolean;
  /** The current snapshot's identity: what was loaded from it is cached under this object, and forgotten with it. */
  readonly scope: () => object;
  /** Ends the snapshot: the next read sees what a mutation has just committed. Gives the connection back and never fails. */
  readonly refresh: () => Promise<void>;
  /** The same, for good: of what is still asked for once an operation is answered, nothing is read any more. */
  readonly end: () => Promise<void>;
}

export interface ContextParts {
  readonly actor: Actor;
  readonly requestId: string;
  readonly log: Log;
  readonly database: Database;
  /** Takes the operation's points from what its actor may spend. @throws AppError RATE_LIMITED */
  readonly charge?: (points: number) => void;
  /** Aborted when nobody waits for the answer any more: reading ends then. */
  readonly left?: AbortSignal;
  /** Of an actor that is presumed: what tells a statement of its own who acts, if that still holds. No other is run. */
  readonly telling?: Telling;
}

/** Copied by servers, so it holds values only, no accessors. */
export interface GraphqlContext extends ContextParts {
  readonly reads: Reads;
}

/**
 * The context of one operation. Whoever makes it calls `reads.refresh()` once the operation is answered;
 * `useOperation` does so for a GraphQL server.
 */
export function createContext(parts: ContextParts): GraphqlContext {
  return { ...parts, reads: openReads(parts) };
}

interface Snapshot {
  readonly query: Query;
  readonly close: () => Promise<void>;
}

function openReads(parts: ContextParts): Reads {
  let current: Snapshot | undefined;
  let isOver = false;
  let isTold = false;
  const refresh = async (): Promise<void> => {
    const open = current;
    current = undefined;
    await open?.close();
  };
  const snapshot = (): Snapshot => {
    // Where an error ends an operation, resolvers beside it may still ask: nobody would end the snapshot they open.
    if (isOver) throw new AppError('INTERRUPTED', 'The operation has been answered');
    if (parts.telling !== undefined) throw new AppError('INTERNAL', 'A presumed actor was given a snapshot');
    current ??= openSnapshot(parts);
    return current;
  };
  return {
    query: async (name, sql, params) => snapshot().query(name, sql, params),
    once: async <Row extends QueryResultRow>(label: string, text: string, values: readonly unknown[] = []) => {
      const { database, actor, telling } = parts;
      const rows = await readOnce<Row>(database.read, actor, { label, text, values }, interruptionOf(parts), telling);
      isTold = true;
      return rows;
    },
    text: async (label, text, values) => {
      const { database, actor, telling } = parts;
      const bytes = await readText(database.read, actor, { label, text, values }, interruptionOf(parts), telling);
      isTold = true;
      return bytes;
    },
    isTold: () => isTold,
    scope: snapshot,
    refresh,
    end: () => {
      isOver = true;
      return refresh();
    },
  };
}

const interruptionOf = ({
  database,
  left,
}: Pick<ContextParts, 'database'> & { readonly left?: AbortSignal | undefined }) =>
  left && { signal: left, through: database.write };

function openSnapshot({ database, actor, log, left }: ContextParts): Snapshot {
  const started = Promise.withResolvers<Query>();
  const finished = Promise.withResolvers<void>();
  const session = readSession(
    database.read,
    actor,
    (query) => {
      started.resolve(query);
      return finished.promise;
    },
    interruptionOf({ database, left }),
  );
  return {
    query: async (name, sql, params) => (await started.promise)(name, sql, params),
    close: async () => {
      finished.resolve();
      // Everything read is answered already: a connection lost at the very end loses nothing.
      await session.catch((err: unknown) => log.warn({ err }, 'a snapshot ended badly'));
    },
  };
}

/** A typed place on the context for what a higher layer brings along, such as its pipeline. */
export interface ContextSlot<T> {
  readonly set: (context: GraphqlContext, value: T) => void;
  /** @throws AppError INTERNAL when the server that made the context did not fill it */
  readonly get: (context: GraphqlContext) => T;
}

/** What fills the slots of contexts of which none was asked for yet, by what survives the copying of a context. */
const unfilled = new WeakMap<Reads, () => void>();

/** Has `fill` set the context's slots when the first of them is asked for: most operations only read, and ask for none. */
export function fillLater(context: GraphqlContext, fill: (context: GraphqlContext) => void): void {
  unfilled.set(context.reads, () => fill(context));
}

function fillNow({ reads }: GraphqlContext): void {
  const fill = unfilled.get(reads);
  unfilled.delete(reads);
  fill?.();
}

/** Declares a slot; `name` is for the error of an empty one. */
export function contextSlot<T>(name: string): ContextSlot<T> {
  const values = new WeakMap<Reads, { readonly value: T }>();
  return {
    set: (context, value) => {
      // Or what is filled in later would stand in its place.
      fillNow(context);
      values.set(context.reads, { value });
    },
    get: (context) => {
      fillNow(context);
      const filled = values.get(context.reads);
      if (filled === undefined) throw new AppError('INTERNAL', `The context has no ${name}`);
      return filled.value;
    },
  };
}
