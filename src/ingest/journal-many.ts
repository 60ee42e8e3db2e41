/** The imports' lines, many in one statement: what a folder of small files asks and writes. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import type { InspectedFile } from './inspect.ts';
import { BEGUN_AGAIN, type ImportCounts } from './journal.ts';
import type { Match } from './match.ts';

/** A file that is about to be taken in. */
export interface Candidate {
  readonly importId: string;
  readonly path: string;
  readonly match: Match;
  readonly file: InspectedFile;
}

/** Which of them are what their paths' latest imports took in: see isUnchanged. Indexes, in order. */
export async function unchangedAmong(pool: pg.Pool, candidates: readonly Candidate[]): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query<{ place: number }>(
    `SELECT (c.place - 1)::integer AS place
       FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) WITH ORDINALITY
            AS c(dataset, path, hash, rules_version, place)
      CROSS JOIN LATERAL (
            SELECT i.status, i.file_hash, i.rules_version
              FROM imports i
             WHERE i.dataset = c.dataset AND i.path = c.path AND i.status IN ('imported', 'failed')
             ORDER BY i.started_at DESC, i.id DESC
             LIMIT 1) latest
      WHERE latest.status = 'imported' AND latest.file_hash = c.hash AND latest.rules_version = c.rules_version
      ORDER BY c.place`,
    [
      candidates.map(({ match }) => match.dataset.name),
      candidates.map(({ path }) => path),
      candidates.map(({ file }) => file.hash),
      candidates.map(({ match }) => match.dataset.rulesVersion),
    ],
  );
  return new Set(rows.map(({ place }) => place));
}

/** Writes the lines of imports that start, or that end where they started: see beginImport. */
export async function beginImports(
  pool: pg.Pool,
  candidates: readonly Candidate[],
  actor: Actor,
  status: 'running' | 'unchanged',
): Promise<void> {
  if (candidates.length === 0) return;
  const ended = status === 'unchanged' ? 'now()' : 'NULL';
  await pool.query(
    `INSERT INTO imports (import_id, dataset, path, file_hash, file_size, file_modified_at, rules_version, authority,
                          status, actor, bytes_total, finished_at)
     SELECT c.import_id, c.dataset, c.path, c.hash, c.size, c.modified_at, c.rules_version, c.authority,
            $9, $10, c.size, ${ended}
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::integer[], $8::integer[])
            WITH ORDINALITY AS c(import_id, dataset, path, hash, size, modified_at, rules_version, authority, place)
      ORDER BY c.place
     ${BEGUN_AGAIN}`,
    [
      candidates.map(({ importId }) => importId),
      candidates.map(({ match }) => match.dataset.name),
      candidates.map(({ path }) => path),
      candidates.map(({ file }) => file.hash),
      candidates.map(({ file }) => file.size),
      candidates.map(({ file }) => file.facts.modifiedAt),
      candidates.map(({ match }) => match.dataset.rulesVersion),
      candidates.map(({ match }) => match.authority),
      status,
      actor.label,
    ],
  );
}

/** Ends the lines of imports inside their transaction: see completeImport. */
export async function completeImports(
  client: pg.ClientBase,
  imports: readonly { readonly importId: string; readonly counts: ImportCounts; readonly notes: object }[],
): Promise<void> {
  const counts = (name: keyof ImportCounts): number[] => imports.map((one) => one.counts[name]);
  await client.query({
    name: 'complete imports',
    text: `UPDATE imports i
        SET status = 'imported', finished_at = clock_timestamp(), bytes_read = coalesce(i.bytes_total, 0), read = c.read,
            inserted = c.inserted, updated = c.updated, unchanged = c.unchanged, rejected = c.rejected, derived = c.derived,
            notes = c.notes, error = NULL
       FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[], $8::jsonb[])
            AS c(import_id, read, inserted, updated, unchanged, rejected, derived, notes)
      WHERE i.import_id = c.import_id`,
    values: [
      imports.map(({ importId }) => importId),
      counts('read'),
      counts('inserted'),
      counts('updated'),
      counts('unchanged'),
      counts('rejected'),
      counts('derived'),
      imports.map(({ notes }) => JSON.stringify(notes)),
    ],
  });
}

/** The locks of several imports (see lockImport), in one order for everyone. */
export async function lockImports(client: pg.ClientBase, candidates: readonly Candidate[]): Promise<void> {
  const names = candidates.flatMap(({ importId, path, match }) => [
    `import ${importId}`,
    `file ${match.dataset.name} ${path}`,
  ]);
  await client.query(
    `SELECT pg_advisory_xact_lock(l.key)
       FROM (SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) n(name) ORDER BY 1 OFFSET 0) l`,
    [names],
  );
}
