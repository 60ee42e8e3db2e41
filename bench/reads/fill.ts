/** Fills a migrated database with the library. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { type LibrarySize, libraryTables } from './library.ts';

/** COPY is fastest in pieces of this many characters or more. */
const PIECE = 65_536;

/** Fills the tables by COPY, as their owner, and analyses them as autovacuum would. */
export async function fillLibrary(ownerUrl: string, size: LibrarySize, seed: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    for (const { table, columns, lines } of libraryTables(size, seed)) {
      const sink = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
      await pipeline(Readable.from(pieces(lines)), sink);
    }
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let held = '';
  for (const line of lines) {
    held += line;
    if (held.length < PIECE) continue;
    yield Buffer.from(held);
    held = '';
  }
  if (held !== '') yield Buffer.from(held);
}
