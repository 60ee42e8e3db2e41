/** Rejects: records that did not pass, kept with their original bytes in the import's own transaction. */
import type pg from 'pg';
import { copyLines, copyText } from '../database/copy.ts';
import type { RejectReason } from './dataset.ts';
import type { TextEncodingName } from './read/encoding.ts';
import { readSpan, type SpooledFile } from './read/source.ts';
import type { StagedFrom } from './stage.ts';

export interface KeptReject {
  readonly line: number;
  readonly raw: string;
  readonly errors: readonly RejectReason[];
}

export interface RejectWriter {
  readonly add: (from: StagedFrom, errors: readonly RejectReason[]) => Promise<void>;
  readonly flush: () => Promise<void>;
  readonly count: () => number;
  /** The first ones, for a dry run, which keeps no rejects. */
  readonly first: readonly KeptReject[];
}

/** Hexadecimal characters held back before a COPY. */
const CHUNK_CHARACTERS = 1024 * 1024;
/** How many rejects a plan shows. */
const FIRST = 100;
/** A plan shows where a record starts, not all of a long one. */
const FIRST_LENGTH = 1000;

const COLUMNS = ['import_id', 'dataset', 'line', 'raw', 'encoding', 'errors'];

/** Sends rejects as {@link openRejects} makes them. */
export function copyRejects(client: pg.ClientBase, lines: readonly string[]): Promise<void> {
  return copyLines(client, 'rejects', COLUMNS, lines);
}

/** `write` takes lines for {@link copyRejects}. */
export function openRejects(
  write: (lines: readonly string[]) => Promise<void>,
  importId: string,
  dataset: string,
  file: SpooledFile,
  encoding: TextEncodingName,
  onReject?: (ordinal: number, errors: readonly RejectReason[]) => void,
): RejectWriter {
  let lines: string[] = [];
  let size = 0;
  let count = 0;
  const first: KeptReject[] = [];
  const flush = async (): Promise<void> => {
    const sent = lines;
    lines = [];
    size = 0;
    if (sent.length > 0) await write(sent);
  };
  return {
    first,
    count: () => count,
    flush,
    async add({ ordinal, line, raw }, errors) {
      count += 1;
      onReject?.(ordinal, errors);
      const bytes = await readSpan(file, raw);
      const read: TextEncodingName = 'text' in raw ? 'utf-8' : encoding;
      if (first.length < FIRST) first.push({ line, raw: decodeRaw(bytes, read).slice(0, FIRST_LENGTH), errors });
      const fields = [importId, dataset, line, `\\x${bytes.toString('hex')}`, read, JSON.stringify(errors)];
      const text = `${fields.map((field) => copyText(field)).join('\t')}\n`;
      lines.push(text);
      size += text.length;
      if (size >= CHUNK_CHARACTERS) await flush();
    },
  };
}

/** Original bytes as text for people; bytes that are no character become U+FFFD, a NUL too. */
export function decodeRaw(bytes: Uint8Array, encoding: TextEncodingName): string {
  return new TextDecoder(encoding).decode(bytes).replaceAll('\0', '\uFFFD');
}

/** Of a batch only what came again is known anew: a record that was rejected before, byte for byte, waits once. */
export async function closeRepeatedRejects(client: pg.ClientBase, importId: string): Promise<void> {
  await client.query(
    `UPDATE rejects r
        SET status = 'fixed', resolved_at = now()
       FROM rejects n
       JOIN imports ni ON ni.import_id = n.import_id
      WHERE n.import_id = $1 AND r.dataset = n.dataset AND r.status = 'open' AND r.raw = n.raw AND r.import_id <> $1
        AND EXISTS (SELECT FROM imports i WHERE i.import_id = r.import_id AND i.path = ni.path)`,
    [importId],
  );
}

/** The imports' files were read anew as a whole: what their earlier versions left open is either right now or a new reject. */
export async function closeRejects(client: pg.ClientBase, importIds: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE rejects r
        SET status = 'fixed', resolved_at = now()
       FROM imports n
       JOIN imports i ON i.dataset = n.dataset AND i.path = n.path AND i.import_id <> n.import_id
      WHERE n.import_id = ANY ($1::uuid[]) AND r.import_id = i.import_id AND r.status = 'open'`,
    [importIds],
  );
}
