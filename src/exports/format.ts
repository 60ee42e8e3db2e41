/** What a file format of exports is: rows as the database writes them, into bytes. */
import type { Writable } from 'node:stream';
import type { FieldKind } from '../graphql/entity.ts';

export interface ExportColumn {
  /** The header, or the name of the property: the column's own name. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
}

/** The rows of one export, on one snapshot, in its order. */
export interface ExportRows {
  readonly columns: readonly ExportColumn[];
  /**
   * Values by column: as PostgreSQL writes them as text (numbers exact, booleans `true` or `false`, JSON as JSON text),
   * moments as ISO 8601 in UTC with the microseconds that they have (`2026-01-02T03:04:05.678901Z`). Whoever stops reading
   * ends the query.
   */
  readonly batches: AsyncIterable<readonly (readonly (string | null)[])[]>;
}

export interface FormatOptions {
  /** What the rows are of, such as `videos`: the name of a sheet or of a table in the file. */
  readonly name: string;
  /** Aborted when nobody waits for the file any more. */
  readonly signal?: AbortSignal | undefined;
}

/** A format that is written from rows. CSV, JSON and JSON Lines are made of the text of COPY. */
export interface RowFormat {
  readonly name: string;
  /** With its dot: `.xlsx`. */
  readonly extension: string;
  /**
   * Writes the whole file and ends `out`; waits where `out` is full.
   * @throws AppError INTERRUPTED once the signal is aborted; what `rows` or `out` throw
   */
  readonly write: (rows: ExportRows, out: Writable, options: FormatOptions) => Promise<void>;
}
