/**
 * The words that rows say, kept in a table of their own, so that a misspelt one can be compared with them. It is read from
 * the rows now and then, not by triggers: two imports that bring one new word would wait for each other.
 */
import type { Database } from '../database/connect.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { SearchSource } from '../graphql/search-source.ts';
import type { Actor } from '../kernel/actor.ts';
import { loadSearchSources } from './sources.ts';

const READER: Actor = { kind: 'schedule', label: 'schedule:search-words', role: 'admin' };

/** A transaction of about a second: a longer one holds back the cleaning up of old rows. */
const BATCH = 200;
/** The rest of the upkeep has its turns as well; the next call goes on where one stopped. */
const LONGEST_MS = 3_000;
/** What a vector takes in of a text: words beyond it are found by pieces alone. */
const LONGEST_TEXT = 150_000;
const LONGEST_PIECE = 10_000;
/** A word that so many rows say is no slip of one transcript; to count on would write every common word with every batch. */
const COMMON = 10;

export interface WordReading {
  /** Ends it: the batch under way is left to the next call. */
  readonly signal?: AbortSignal;
  /** Rows of a transaction. */
  readonly batch?: number;
}

/**
 * Reads what rows have come to say since the last call, for some seconds at most; returns how many rows it read. Several
 * processes may call it at once: one reads.
 * @throws AppError INTERRUPTED once `signal` is aborted
 */
export async function readNewWords(
  { write }: Pick<Database, 'write'>,
  { signal, batch = BATCH }: WordReading = {},
): Promise<number> {
  const end = Date.now() + LONGEST_MS;
  const interruption = signal && { signal, through: write };
  let rows = 0;
  for (const source of await loadSearchSources()) {
    for (let read = batch; read === batch && Date.now() < end; rows += read) {
      read = await writeSession(write, READER, ({ query }) => readBatch(query, source, batch), { interruption });
    }
  }
  return rows;
}

interface Progress {
  readonly from_transaction: bigint;
  readonly to_transaction: bigint;
  readonly row_id: bigint;
}

/** Reads the next rows of the pass; returns how many. The pass ends with fewer than asked for. */
async function readBatch(query: Query, source: SearchSource, batch: number): Promise<number> {
  const [lock] = await query<{ held: boolean }>(
    'search words locked',
    "SELECT pg_try_advisory_xact_lock(hashtextextended('search words', 0)) AS held",
  );
  if (lock?.held !== true) return 0;
  const progress = await progressOf(query, source.table);
  const [read] = await query<{ rows: bigint; last: bigint | null }>('search words read', wordsSql(source), [
    progress.from_transaction,
    progress.to_transaction,
    progress.row_id,
    batch,
  ]);
  const rows = Number(read?.rows ?? 0);
  await query('search words noted', NOTE, [
    source.table,
    rows < batch ? progress.to_transaction : progress.from_transaction,
    progress.to_transaction,
    read?.last ?? progress.row_id,
  ]);
  return rows;
}

const NOTE = `INSERT INTO search_progress (table_name, from_transaction, to_transaction, row_id) VALUES ($1, $2, $3, $4)
  ON CONFLICT (table_name) DO UPDATE
     SET from_transaction = EXCLUDED.from_transaction, to_transaction = EXCLUDED.to_transaction, row_id = EXCLUDED.row_id`;

/** The pass that is under way, or the next one: up to the oldest transaction that may still be writing, so that none is missed. */
async function progressOf(query: Query, table: string): Promise<Progress> {
  const [row] = await query<Progress & { readonly next: bigint }>(
    'search words progress',
    `SELECT coalesce(p.from_transaction, 0) AS from_transaction,
            coalesce(p.to_transaction, 0) AS to_transaction,
            coalesce(p.row_id, 0) AS row_id,
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next
       FROM (VALUES (1)) one LEFT JOIN search_progress p ON p.table_name = $1`,
    [table],
  );
  if (row === undefined) throw new Error('A SELECT from one row gave none');
  const isDone = row.from_transaction === row.to_transaction;
  return isDone ? { from_transaction: row.from_transaction, to_transaction: row.next, row_id: 0n } : row;
}

/** A row names the transaction that wrote it by its last 32 bits, so both ends are compared by their distance. */
const WRITTEN = `($1::bigint = 0 OR ((t.xmin::text::bigint - ($1::bigint & 4294967295)) & 4294967295) < $2::bigint - $1::bigint)`;

/** Letters alone, three to forty; of scripts without spaces between words no words are known. */
const WORD =
  "word ~ U&'^[a-z\\0080-\\+10FFFF]{3,40}$' AND word !~ U&'[\\0E00-\\0EFF\\1000-\\109F\\1780-\\17FF\\3005\\3041-\\30FF\\3400-\\4DBF\\4E00-\\9FFF\\AC00-\\D7A3\\F900-\\FAFF\\+020000-\\+03FFFF]'";

const wordsOf = (text: string, most: number) =>
  `unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', plain_punctuation(left(${text}, ${most}))))) AS word`;

function wordsSql({ table, key, text, pieces, open = 'true' }: SearchSource): string {
  const said = [`SELECT t.id, word FROM batch t, ${wordsOf('t.body', LONGEST_TEXT)}`];
  if (pieces !== undefined) {
    said.push(
      `SELECT b.id, word FROM batch b JOIN ${pieces.table} t ON t.${pieces.owner} = b.key, ${wordsOf(pieces.text, LONGEST_PIECE)}`,
    );
  }
  return `WITH batch AS MATERIALIZED (
    SELECT t.id, t.${key} AS key, ${text} AS body FROM ${table} t
     WHERE t.id > $3::bigint AND ${WRITTEN} AND ${open}
     ORDER BY t.id LIMIT $4::integer
  ), words AS (
    SELECT word, count(*)::integer AS seen FROM (${said.join(' UNION ')}) said WHERE ${WORD} GROUP BY word
  ), kept AS (
    INSERT INTO search_words (word, letters, seen)
    SELECT w.word, latin_letters(w.word), w.seen
      FROM words w LEFT JOIN search_words k ON k.word = w.word
     WHERE k.seen IS NULL OR k.seen < ${COMMON}
     ORDER BY w.word
    ON CONFLICT (word) DO UPDATE SET seen = search_words.seen + EXCLUDED.seen
  )
  SELECT count(*) AS rows, max(id) AS last FROM batch`;
}
