/** The rows of every table, on one snapshot, as compressed text: read by any later PostgreSQL, whatever made it. */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { identifier } from '../../database/copy.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { syncFolder } from '../../kernel/durable.ts';
import { SECRET_FOLDER, throwIfStopped, type Watch, writeFile } from '../durable.ts';
import type { BackupFile, PortableManifest, TableFile } from '../manifest.ts';
import { MADE_ANEW, readFacts, readMigrations, withOwner } from '../owner.ts';
import { readPartitions, readSequences, readTables, type Table } from './tables.ts';

type PortableFacts = Omit<PortableManifest, 'format' | 'createdAt' | 'release'>;

const FOLDER = 'tables';
const BLOCK = 1 << 18;
/** Level 1: the next ones take two to ten times as long and save nothing on such text. */
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  chunkSize: BLOCK,
};

/**
 * Writes the rows of the database at `ownerUrl` into `folder`, an empty one; returns what the manifest says of them.
 * @throws AppError INTERRUPTED, DATABASE_UNREACHABLE, CONFIG_INVALID
 */
export async function takePortable(ownerUrl: string, folder: string, watch: Watch): Promise<PortableFacts> {
  return withOwner(ownerUrl, watch.signal, async (owner) => {
    await mkdir(join(folder, FOLDER), { mode: SECRET_FOLDER });
    await owner.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL work_mem = '64MB'");
    const found = (await readTables(owner)).filter(({ name }) => !MADE_ANEW.includes(name));
    const tables: TableFile[] = [];
    const files: BackupFile[] = [];
    for (const table of found) {
      throwIfStopped(watch.signal);
      const { file, content } = await copyOut(owner, table, folder, watch);
      files.push(file);
      tables.push({ name: table.name, file: file.path, columns: table.columns, ...content });
      crashPoint('backup.table');
    }
    // Read after the rows: a sequence is never behind a row that took its number from it.
    const sequences = await readSequences(owner);
    const partitions = await readPartitions(owner);
    const facts = { database: await readFacts(owner), migrations: await readMigrations(owner) };
    await owner.query('COMMIT');
    await syncFolder(join(folder, FOLDER));
    return { kind: 'portable', ...facts, tables, partitions, sequences, files };
  });
}

interface CopiedOut {
  readonly file: BackupFile;
  readonly content: Pick<TableFile, 'rows' | 'contentSize' | 'contentSha256'>;
}

async function copyOut(owner: pg.Client, table: Table, folder: string, watch: Watch): Promise<CopiedOut> {
  const path = `${FOLDER}/${encodeURIComponent(table.name)}.copy.zst`;
  const rows = owner.query(copyTo(`COPY (${rowsOf(table)}) TO STDOUT`));
  const content = createHash('sha256');
  let contentSize = 0;
  let written: Omit<BackupFile, 'path'> = { size: 0, sha256: '' };
  await pipeline(
    rows,
    inBlocks,
    async function* measure(blocks: AsyncIterable<Buffer>) {
      for await (const block of blocks) {
        content.update(block);
        contentSize += block.length;
        watch.onBytes?.(block.length);
        yield block;
      }
    },
    createZstdCompress(COMPRESSION),
    async (chunks: AsyncIterable<Buffer>) => {
      written = await writeFile(join(folder, path), chunks, { signal: watch.signal });
    },
  );
  return {
    file: { path, ...written },
    content: { rows: rows.rowCount, contentSize, contentSha256: content.digest('hex') },
  };
}

/** The server sends row by row; hashing and compressing so little at a time costs more than the work itself. */
async function* inBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < BLOCK) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}

/** In the order of the key, so that the same rows give the same bytes wherever they lie. */
function rowsOf({ name, columns, key }: Table): string {
  const order = key.length === 0 ? '' : ` ORDER BY ${key.map(identifier).join(', ')}`;
  return `SELECT ${columns.map(identifier).join(', ')} FROM ${identifier(name)}${order}`;
}
