/** A statement that is a transaction of its own, told first who acts. */
import pg from 'pg';
import { type Actor, ownerOf } from '../kernel/actor.ts';

/** The statement that tells an actor, and the import whose changes are written, to the transaction. */
export const ACTOR = {
  name: 'cairn actor',
  text: "SELECT set_config('cairn.actor', $1, true), set_config('cairn.owner', $2, true), set_config('cairn.import_id', $3, true)",
};

/** Its values. */
export const actorValues = (actor: Actor, importId = ''): string[] => [actor.label, ownerOf(actor), importId];

type Answered<Row extends pg.QueryResultRow> = (error: Error | null, result: pg.QueryResult<Row>) => void;

/** The library's own query, with what it sends and is sent: the types leave that out. */
interface LibraryQuery extends pg.Query {
  requiresPreparation(): boolean;
  prepare(connection: pg.Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
}
const LibraryQuery = pg.Query as unknown as new <Row extends pg.QueryResultRow>(
  config: pg.QueryConfig,
  answered: Answered<Row>,
) => LibraryQuery;

/**
 * All that a connection is sent up to one Sync is one transaction: the actor is set in it and forgotten at its end, as
 * between BEGIN and COMMIT, which are answered apart and cost as much as a small statement. {@link ACTOR} must have been
 * prepared on the connection.
 */
export class ActorsQuery<Row extends pg.QueryResultRow> extends LibraryQuery<Row> {
  readonly #actor: Actor;
  #isTold = false;

  constructor(actor: Actor, config: pg.QueryConfig, answered: Answered<Row>) {
    super(config, answered);
    this.#actor = actor;
  }

  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: pg.Connection): void {
    connection.bind({ statement: ACTOR.name, values: actorValues(this.#actor) }, true);
    connection.execute({}, true);
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.#isTold) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (this.#isTold) super.handleCommandComplete(message, connection);
    this.#isTold = true;
  }
}
