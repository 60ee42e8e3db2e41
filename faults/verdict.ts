/** What must hold after a case: the invariants, and the very rows, changes and counts of an import that nothing disturbed. */
import type pg from 'pg';
import { checkInvariants, INVARIANTS } from '../src/invariants/check-invariants.ts';
import { files } from '../src/invariants/files.ts';
import { type Lane, type Site, withPool } from './lane.ts';
import type { Outcome } from './outcome.ts';
import { timed } from './times.ts';

export interface Verdict {
  /** In a few words: what the disturbed process told, and the rerun. */
  readonly told: string;
  /** What does not hold. */
  readonly faults: readonly string[];
}

/** A database's contents without ids, times and origins. */
export type Contents = Readonly<Record<string, string>>;

const TABLES = [
  'employees',
  'researches',
  'channels',
  'videos',
  'video_segments',
  'influencers',
  'search_queue',
  'reports',
  'analysis_results',
  'research_videos',
  'video_influencers',
];
const HIDDEN = `ARRAY['id', 'version', 'created_at', 'updated_at', 'updated_date', 'created_date', 'origin_import_id', 'search_english', 'search_simple']`;

export async function readContents(pool: pg.Pool): Promise<Contents> {
  const looks = TABLES.map(
    (table) =>
      `SELECT '${table}' AS name, count(*) || ' rows ' || md5(coalesce(string_agg(r::text, '' ORDER BY r::text), '')) AS held
         FROM (SELECT to_jsonb(t) - ${HIDDEN} AS r FROM ${table} t) x`,
  );
  looks.push(
    `SELECT 'references', count(*) || ' ' || md5(string_agg(m, '' ORDER BY m))
       FROM (SELECT concat_ws(' ', relation, owner_key, target_by, target, resolved_key, applied, dataset, path, line) AS m FROM "references") x`,
    `SELECT 'changes', string_agg(concat_ws(' ', table_name, operation, count), ', ' ORDER BY table_name, operation)
       FROM (SELECT table_name, operation, count(*) FROM change_log GROUP BY 1, 2) x`,
    `SELECT 'sums', string_agg(concat_ws(' ', path, inserted, updated, derived), ', ' ORDER BY path)
       FROM (SELECT path, sum(inserted) AS inserted, sum(updated) AS updated, sum(derived) AS derived FROM imports WHERE status = 'imported' GROUP BY path) i`,
    `SELECT 'open rejects', count(*)::text FROM rejects WHERE status = 'open'`,
    `SELECT 'counts', string_agg(concat_ws(' ', path, read, inserted, updated, unchanged, rejected, derived), ', ' ORDER BY path, started_at)
       FROM imports WHERE status = 'imported'`,
  );
  const { rows } = await pool.query<{ name: string; held: string }>(looks.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}

export interface Judging {
  readonly lane: Pick<Lane, 'registry'>;
  /** Whether each database is asked everything, what follows from an answer before included. */
  readonly isLong: boolean;
}

/** What does not hold; empty if all does. `told` is what the last importer said. */
export function judge(
  { lane, isLong }: Judging,
  site: Site,
  root: string,
  due: Contents,
  told?: Outcome,
): Promise<string[]> {
  const judged = withPool(site.apiUrl, async (pool) => {
    const faults = await checkTold(pool, told);
    const held = await readContents(pool);
    for (const [name, value] of Object.entries(due))
      if (held[name] !== value) faults.push(`${name}: ${held[name]} where an undisturbed import leaves ${value}`);
    // The very rows whose files were read again once, when the undisturbed import had left them, hold what the files say.
    const isProved = !isLong && TABLES.every((table) => due[table] !== undefined && due[table] === held[table]);
    faults.push(...(await brokenInvariants(pool, lane, root, isProved)));
    return faults;
  });
  return timed('verdict', judged);
}

/** What does not hold of a database that nobody uses; with `areRowsProved` rows are not compared with the files of `root`. */
export async function brokenInvariants(
  pool: pg.Pool,
  { registry }: Pick<Lane, 'registry'>,
  root: string,
  areRowsProved = false,
): Promise<string[]> {
  const faults: string[] = [];
  const only = areRowsProved ? INVARIANTS.filter((one) => one !== files) : INVARIANTS;
  for await (const { invariant, faults: found } of checkInvariants(pool, {
    registry,
    roots: [root],
    isAlone: true,
    only,
  }))
    faults.push(...found.map((fault) => `${invariant.name}: ${fault}`));
  return faults;
}

/** What an importer told must be what the imports' lines say. */
export async function checkTold(pool: pg.Pool, outcome: Outcome | undefined): Promise<string[]> {
  const faults: string[] = [];
  for (const told of outcome?.imports ?? []) {
    const { rows } = await pool.query(
      'SELECT status, read, inserted, updated, unchanged, rejected, derived FROM imports WHERE import_id = $1',
      [told.importId],
    );
    const kept: unknown = rows[0];
    const { status, read, inserted, updated, unchanged, rejected, derived } = told;
    const said = { status, read, inserted, updated, unchanged, rejected, derived };
    if (JSON.stringify(kept) !== JSON.stringify(said))
      faults.push(`${told.path}: told ${JSON.stringify(said)}, kept ${JSON.stringify(kept)}`);
  }
  return faults;
}
