/** Rejects as the command line reads them: chosen, in order, with the path of their file. */

import type { Database } from '../database/connect.ts';
import { readSession } from '../database/session.ts';
import type { RejectReason } from '../ingest/dataset.ts';
import type { TextEncodingName } from '../ingest/read/encoding.ts';
import { decodeRaw } from '../ingest/rejects.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

export const REJECT_STATUSES = ['open', 'fixed', 'dropped'] as const;

export interface RejectChoice {
  readonly dataset?: string | undefined;
  /** The import's id, a UUID. */
  readonly import?: string | undefined;
  readonly status: (typeof REJECT_STATUSES)[number];
}

export interface ListedReject {
  readonly id: bigint;
  readonly importId: string;
  readonly dataset: string;
  readonly path: string;
  readonly line: number;
  readonly status: string;
  readonly errors: readonly RejectReason[];
  readonly encoding: TextEncodingName;
  /** The record's bytes as they stand in its file. */
  readonly raw: Buffer;
}

/** Where a page ended: the next one starts behind it. */
export type RejectPlace = Pick<ListedReject, 'dataset' | 'path' | 'line' | 'id'>;

const WHERE = `
   FROM rejects
   JOIN imports USING (import_id)
  WHERE rejects.status = $1
    AND ($2::text IS NULL OR rejects.dataset = $2)
    AND ($3::uuid IS NULL OR import_id = $3)`;

/** How many there are. */
export async function countRejects(database: Database, actor: Actor, choice: RejectChoice): Promise<number> {
  const [row] = await readSession(database.read, actor, (query) =>
    query<{ total: number }>('rejects total', `SELECT count(*)::float8 AS total ${WHERE}`, params(choice)),
  );
  return row?.total ?? 0;
}

/** At most `limit` of them by dataset, path and line, behind `after`. */
export async function listRejects(
  database: Database,
  actor: Actor,
  choice: RejectChoice,
  limit: number,
  after?: RejectPlace,
): Promise<ListedReject[]> {
  const place = [after?.dataset ?? null, after?.path ?? null, after?.line ?? null, after?.id ?? null];
  return readSession(database.read, actor, (query) =>
    query<ListedReject & Record<string, unknown>>(
      'rejects page',
      `SELECT rejects.id, import_id AS "importId", rejects.dataset, path, line, rejects.status, errors, encoding, raw
       ${WHERE}
          AND ($5::text IS NULL OR (rejects.dataset, path, line, rejects.id) > ($5, $6::text, $7::int, $8::bigint))
        ORDER BY rejects.dataset, path, line, rejects.id
        LIMIT $4`,
      [...params(choice), limit, ...place],
    ),
  );
}

/** A reject as `--json` gives it: the original text, read by its file's encoding. */
export function rejectJson(reject: ListedReject): Record<string, unknown> {
  const { id, importId, dataset, path, line, status, errors, raw, encoding } = reject;
  return { id: `${id}`, import: importId, dataset, path, line, status, errors, raw: decodeRaw(raw, encoding) };
}

function params({ status, dataset, import: importId }: RejectChoice): unknown[] {
  if (importId !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(importId))
    throw new AppError('BAD_USER_INPUT', `"${importId}" is no import’s id`, {
      hint: 'It is a UUID; import --json prints it.',
    });
  return [status, dataset ?? null, importId ?? null];
}
