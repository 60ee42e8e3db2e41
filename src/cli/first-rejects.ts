/** The first rejects of a run, for the table under its counts. */
import { readSession } from '../database/session.ts';
import type { RejectReason } from '../ingest/dataset.ts';
import type { FolderResult, Ingest } from '../ingest/run.ts';
import type { Actor } from '../kernel/actor.ts';

/** More do not fit on a screen; `cairn rejects` has them all. */
export const SHOWN_REJECTS = 20;

export interface ShownReject {
  readonly path: string;
  readonly line: number;
  readonly reasons: readonly RejectReason[];
}

interface RejectRow extends Record<string, unknown> {
  readonly import_id: string;
  readonly line: number;
  readonly errors: readonly RejectReason[];
}

/** The first `limit` rejects in the order of the run; of a dry run those that its plan keeps. */
export async function firstRejects(
  { database }: Ingest,
  actor: Actor,
  { imports }: FolderResult,
  limit: number,
): Promise<ShownReject[]> {
  const rejecting = imports.filter(({ rejected }) => rejected > 0).slice(0, limit);
  if (rejecting.length === 0) return [];
  const paths = new Map(rejecting.map(({ importId, path }) => [importId, path]));
  const sql = rejecting.some(({ dryRun }) => dryRun) ? OF_PLANS : OF_IMPORTS;
  const rows = await readSession(database.read, actor, (query) =>
    query<RejectRow>('first rejects', sql, [[...paths.keys()], limit]),
  );
  return rows.map((row) => ({ path: paths.get(row.import_id) ?? '', line: row.line, reasons: row.errors }));
}

const OF_IMPORTS = `
  SELECT import_id, line, errors
    FROM rejects
   WHERE import_id = ANY($1::uuid[])
   ORDER BY array_position($1::uuid[], import_id), line, id
   LIMIT $2`;

const OF_PLANS = `
  SELECT plans.plan_id AS import_id, (reject.value ->> 'line')::int AS line, reject.value -> 'errors' AS errors
    FROM plans
   CROSS JOIN LATERAL jsonb_array_elements(plans.rejects) WITH ORDINALITY AS reject (value, place)
   WHERE plans.plan_id = ANY($1::uuid[])
   ORDER BY array_position($1::uuid[], plans.plan_id), reject.place
   LIMIT $2`;
