/** Stage: checked records on their way to the merge, in temporary tables that end with the transaction. */
import type pg from 'pg';
import { copyLines, copyText, identifier } from '../database/copy.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import type { RawSpan } from './dataset.ts';
import type { Sending } from './sending.ts';
import type { Table } from './table.ts';

/** Where a staged row comes from. `ordinal` numbers the records of a file; a line may hold several. */
export interface StagedFrom {
  readonly ordinal: number;
  readonly line: number;
  readonly raw: RawSpan;
}

/** In the order of a staging table's columns; JSON columns as text. */
export type StagedValues = readonly (string | number | boolean | null)[];

/** Bytes of one COPY: large enough that the statement costs nothing beside its rows. */
const CHUNK_CHARACTERS = 256 * 1024;

export interface StageTable {
  readonly name: string;
  /** Columns besides ordinal, line and the span. */
  readonly columns: readonly string[];
  /** Adds one row; `values` in the order of `columns`, JSON columns as text. Resolves when there is room for more. */
  readonly add: (from: StagedFrom, values: StagedValues) => Promise<void> | undefined;
  /** How many rows were added. */
  readonly count: () => number;
  /** Sends what is still held; it has arrived when its {@link Sending} says so. */
  readonly flush: () => Promise<void>;
}

/** Hears of a row that the staging table refused: the check let through what the type cannot hold. */
export type OnRefused = (from: StagedFrom, reason: string) => Promise<void>;

/** What the staging tables of one import share. */
export interface Staging {
  readonly sending: Sending;
  readonly onRefused: OnRefused;
  /** By name: the statements that made the staging tables of this transaction, which its next import finds empty. */
  readonly made: Map<string, string>;
  /** Hears of refused rows one by one; otherwise one refused row fails its chunk, and with it its import. */
  readonly alone: boolean;
}

export const PLACE_COLUMNS = ['ordinal', 'line', 'span_offset', 'span_length', 'raw_text'];

/** What a staging table is made of. */
export interface StageShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whose types and checks the columns have. */
  readonly table: Table;
  /** Rows are inserted as they are staged: none may lack what the table requires. Otherwise a default may still fill it. */
  readonly complete?: boolean;
}

/**
 * The statement that makes a staging table with the types and checks of `columns` of `table`, plus the columns that say where
 * a row comes from. The checks stand here too, so that a value which the table would refuse is found in a chunk of lines and
 * not in the merge of a whole file.
 */
function stageSql({ name, columns, table, complete = false }: StageShape): string {
  const typed = columns.map((column) => {
    const { type = 'text', required = false } = table.columns.get(column) ?? {};
    return `${identifier(column)} ${type} ${complete && required ? 'NOT NULL' : ''}`;
  });
  const checks = table.checks
    .filter(({ column }) => columns.includes(column))
    .map(
      (check) =>
        `CONSTRAINT ${identifier(check.name)} CHECK (${identifier(check.column)} IS NULL OR (${check.condition}))`,
    );
  return `CREATE TEMPORARY TABLE ${identifier(name)} (
       ordinal integer NOT NULL,
       line integer NOT NULL,
       span_offset bigint,
       span_length integer,
       raw_text text,
       origin_import_id uuid,
       origin_line integer
       ${[...typed, ...checks].map((declared) => `, ${declared}`).join('')}
     ) ON COMMIT DROP`;
}

/** A row as COPY takes it: its {@link PLACE_COLUMNS}, then `values`. */
export function stagedLine({ ordinal, line, raw }: StagedFrom, values: StagedValues): string {
  const place = 'text' in raw ? `\\N\t\\N\t${copyText(raw.text)}` : `${raw.offset}\t${raw.length}\t\\N`;
  let text = `${ordinal}\t${line}\t${place}`;
  for (const value of values) text += `\t${copyText(value)}`;
  return `${text}\n`;
}

/** Makes a staging table, and fills it as it is told. */
export async function createStage(
  client: pg.ClientBase,
  shape: StageShape,
  { sending, onRefused, made, alone }: Staging,
): Promise<StageTable> {
  const { name, columns } = shape;
  await makeStage(client, shape, made);
  const all = [...PLACE_COLUMNS, ...columns];
  let lines: string[] = [];
  let places: StagedFrom[] = [];
  let size = 0;
  let count = 0;

  const send = async (): Promise<void> => {
    const [sentLines, sentPlaces] = [lines, places];
    lines = [];
    places = [];
    size = 0;
    if (sentLines.length === 0) return;
    await sending.send(async () => {
      if (alone) await copyOrBisect(client, name, all, sentLines, sentPlaces, onRefused);
      else await copyLines(client, name, all, sentLines);
      crashPoint('import.batch');
    });
  };

  return {
    name,
    columns,
    add(from, values) {
      const line = stagedLine(from, values);
      lines.push(line);
      places.push(from);
      count += 1;
      size += line.length;
      return size >= CHUNK_CHARACTERS ? send() : undefined;
    },
    count: () => count,
    flush: send,
  };
}

/** Making a table costs more than a small file's rows: one that the import before made alike is used again. */
export async function makeStage(client: pg.ClientBase, shape: StageShape, made: Map<string, string>): Promise<void> {
  const sql = stageSql(shape);
  if (made.get(shape.name) === sql) return;
  if (made.has(shape.name)) await client.query(`DROP TABLE ${identifier(shape.name)}`);
  await client.query(sql);
  made.set(shape.name, sql);
}

/**
 * Sends lines; when one is refused, halves the chunk until the refused ones stand alone, so that one record that slipped
 * through the checks does not cost the file.
 */
async function copyOrBisect(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  lines: readonly string[],
  places: readonly StagedFrom[],
  onRefused: OnRefused,
): Promise<void> {
  await client.query('SAVEPOINT chunk');
  try {
    await copyLines(client, table, columns, lines);
    await client.query('RELEASE SAVEPOINT chunk');
    return;
  } catch (thrown) {
    if (!isDataFault(thrown)) throw thrown;
    await client.query('ROLLBACK TO SAVEPOINT chunk; RELEASE SAVEPOINT chunk');
    const [only] = places;
    if (lines.length === 1 && only !== undefined) {
      await onRefused(only, refusal(thrown));
      return;
    }
  }
  const half = lines.length >> 1;
  await copyOrBisect(client, table, columns, lines.slice(0, half), places.slice(0, half), onRefused);
  await copyOrBisect(client, table, columns, lines.slice(half), places.slice(half), onRefused);
}

/** What the database found, for people: the constraint's name where it has one. */
export function refusal(fault: pg.DatabaseError): string {
  return fault.constraint === undefined ? fault.message : `it breaks ${fault.constraint}`;
}

/** SQLSTATE classes that a record's values cause: data exceptions and integrity constraints, and limits of an index row. */
const DATA_FAULTS = /^(22|23|54)/;

export function isDataFault(thrown: unknown): thrown is pg.DatabaseError {
  return (
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && DATA_FAULTS.test(thrown.code)
  );
}
