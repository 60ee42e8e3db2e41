/** Imports that have no line of their own: a dry run, which keeps a plan, and one that has not begun yet. Shown as rows all the same. */
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { bigintOf, jsonOf } from '../graphql/values.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { ImportResult } from './import-file.ts';
import { NO_COUNTS } from './journal.ts';
import { PLANNED_RAW } from './rejects.read.ts';

/** Where the row of a dry run keeps its rejects; no column has this name. */
const PLANNED_REJECTS = 'planned_rejects';

/** More rejects than a plan keeps. */
const MOST_PLANNED = 1_000n;

/** A dry run's rejects as rows; undefined for an import that wrote. */
export function plannedRejects(row: Row): readonly Row[] | undefined {
  const planned = row[PLANNED_REJECTS];
  return Array.isArray(planned) ? planned : undefined;
}

const NOT_KNOWN = {
  file_hash: null,
  file_modified_at: null,
  file_size: null,
  bytes_read: 0n,
  bytes_total: null,
  notes: null,
  error: null,
  finished_at: null,
};

export interface StartedImport {
  readonly importId: string;
  readonly path: string;
  readonly dataset: string;
  readonly rulesVersion: number;
  readonly actor: string;
  readonly startedAt: Date;
}

function startedRow({ importId, path, dataset, rulesVersion, actor, startedAt }: StartedImport): Row {
  const own = { import_id: importId, path, dataset, rules_version: rulesVersion, actor, started_at: startedAt };
  return { ...NOT_KNOWN, ...NO_COUNTS, ...own, status: 'running' };
}

/** An import that goes on after its request is answered. */
export const runningRow = startedRow;

/** What a dry run found, with the rejects of its plan. */
export async function plannedRow(context: GraphqlContext, started: StartedImport, result: ImportResult): Promise<Row> {
  const { status, read, inserted, updated, unchanged, rejected, derived, error } = result;
  const [plan] = await context.reads.query<Row>(
    'plan by id',
    'SELECT id, file_hash, rejects FROM plans WHERE plan_id = $1',
    [result.importId],
  );
  const planId = (plan && bigintOf(plan, 'id')) ?? 0n;
  const found = plan === undefined ? [] : jsonOf(plan, 'rejects');
  return {
    ...startedRow(started),
    ...{ status, read, inserted, updated, unchanged, rejected, derived, error },
    file_hash: plan?.['file_hash'] ?? null,
    finished_at: new Date(),
    [PLANNED_REJECTS]: (Array.isArray(found) ? found.filter(isJsonObject) : []).map((reject, index) => ({
      // No row of its own that could be looked up, yet an id that no other reject has.
      id: -(planId * MOST_PLANNED + BigInt(index)),
      import_id: result.importId,
      dataset: result.dataset,
      line: reject['line'],
      status: 'open',
      created_at: started.startedAt,
      resolved_at: null,
      errors: reject['errors'],
      [PLANNED_RAW]: String(reject['raw']),
    })),
  };
}
