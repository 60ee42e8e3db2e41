/** A statement whose answer is one text, given as the bytes that came: it is only passed on. */
import type pg from 'pg';
import { ActorsQuery, type Telling } from './actors-query.ts';
import { askMessages, SYNC } from './messages.ts';
import { RowSocket } from './row-socket.ts';

/** How many columns there are, and how long the first is. */
const ROW_HEAD = 6;

/** The first column of the only row; undefined where there is no row, or NULL. */
export class TextQuery extends ActorsQuery<never> {
  #text: Buffer | undefined;

  constructor(
    telling: Telling,
    config: pg.QueryConfig,
    answered: (error: Error | undefined, text: Buffer | undefined) => void,
  ) {
    super(telling, config, (error) => answered(error, this.#text));
  }

  override prepare(connection: pg.Connection): void {
    const { name, values } = this;
    if (name !== undefined && this.hasBeenParsed(connection) && areTexts(values)) {
      // What was described once need not be again: in it is one text, whatever the values.
      connection.stream.write(Buffer.concat([askMessages(this.telling), askMessages({ name, values }), SYNC]));
    } else super.prepare(connection);
  }

  override handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    const [text] = message.fields;
    if (this.isTold && typeof text === 'string') this.#text = Buffer.from(text);
  }

  override handleCommandComplete(message: { readonly text: string }, connection: pg.Connection): void {
    const { stream } = connection;
    if (!this.isTold && stream instanceof RowSocket) stream.takeRows(this.#take);
    super.handleCommandComplete(message, connection);
  }

  readonly #take = (row: Buffer): void => {
    const length = row.readInt32BE(2);
    if (length >= 0) this.#text = row.subarray(ROW_HEAD, ROW_HEAD + length);
  };
}

const areTexts = (values: readonly unknown[]): values is readonly (string | null)[] =>
  values.every((value) => value === null || typeof value === 'string');
