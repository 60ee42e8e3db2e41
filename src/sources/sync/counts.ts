/** What a run has done, as sync_jobs counts it. */
export interface Counts {
  /** Told by the listing, folders too. */
  readonly found: number;
  /** Looked into: the sum of created, updated, skipped and failed, and of those that had not changed after all. */
  readonly processed: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly deleted: number;
  /** Fetched. */
  readonly bytes: number;
  /** Those that failed, by the code of what was wrong. */
  readonly errors?: Readonly<Record<string, number>>;
}

export const NO_COUNTS: Counts = {
  found: 0,
  processed: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  failed: 0,
  deleted: 0,
  bytes: 0,
};

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    found: one.found + other.found,
    processed: one.processed + other.processed,
    created: one.created + other.created,
    updated: one.updated + other.updated,
    skipped: one.skipped + other.skipped,
    failed: one.failed + other.failed,
    deleted: one.deleted + other.deleted,
    bytes: one.bytes + other.bytes,
  };
}
