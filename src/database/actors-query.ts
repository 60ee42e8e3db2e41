/** A statement that is a transaction of its own, told first who acts. */
import pg from 'pg';
import { type Actor, ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

/** The statement that tells an actor, and the import whose changes are written, to the transaction. */
export const ACTOR = {
  name: 'cairn actor',
  text: "SELECT set_config('cairn.actor', $1, true), set_config('cairn.owner', $2, true), set_config('cairn.import_id', $3, true)",
};

/** Its values. */
export const actorValues = (actor: Actor, importId = ''): string[] => [actor.label, ownerOf(actor), importId];

/** A statement that tells a transaction who acts. One that gives no row has not told: then nothing of what is read is given. */
export interface Telling {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

/** Tells who acts, whatever the database knows of them. */
export const tellingOf = (actor: Actor): Telling => ({ ...ACTOR, values: actorValues(actor) });

type Answered<Row extends pg.QueryResultRow> = (error: Error | undefined, result: pg.QueryResult<Row>) => void;

interface CommandComplete {
  /** Such as `SELECT 1`. */
  readonly text: string;
}

// What the library's own query is sent and asked: its types leave that out.
declare module 'pg' {
  interface Query<R, I> {
    readonly name: string | undefined;
    readonly values: readonly unknown[];
    requiresPreparation(): boolean;
    hasBeenParsed(connection: pg.Connection): boolean;
    prepare(connection: pg.Connection): void;
    handleDataRow(message: unknown): void;
    handleCommandComplete(message: CommandComplete, connection: pg.Connection): void;
  }
}

/**
 * All that a connection is sent up to one Sync is one transaction: the actor is set in it and forgotten at its end, as
 * between BEGIN and COMMIT, which are answered apart and cost as much as a small statement. What tells it must have been
 * prepared on the connection. Who was not told fails with UNAUTHENTICATED, whatever was read: both are heard of together.
 */
export class ActorsQuery<Row extends pg.QueryResultRow> extends pg.Query<Row> {
  protected readonly telling: Telling;
  readonly #told: { rows: number | undefined };

  constructor(telling: Telling, config: pg.QueryConfig, answered: Answered<Row>) {
    const told: { rows: number | undefined } = { rows: undefined };
    super(config, (error, result) => answered(told.rows === 0 ? notTold() : error, result));
    this.telling = telling;
    this.#told = told;
  }

  /** Whether what comes now is the statement's own. */
  protected get isTold(): boolean {
    return this.#told.rows !== undefined;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: pg.Connection): void {
    connection.bind({ statement: this.telling.name, values: [...this.telling.values] }, true);
    connection.execute({}, true);
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.isTold) super.handleDataRow(message);
  }

  override handleCommandComplete(message: CommandComplete, connection: pg.Connection): void {
    if (this.isTold) super.handleCommandComplete(message, connection);
    else this.#told.rows = message.text === 'SELECT 1' ? 1 : 0;
  }
}

const notTold = (): AppError =>
  new AppError('UNAUTHENTICATED', 'What the request came in by no longer opens what it opened');
