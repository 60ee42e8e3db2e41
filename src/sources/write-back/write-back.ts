/**
 * What goes back into a source. A **write-back** says which file of a source the hub keeps up to date: a dataset's export at a
 * path, or what was edited by hand in the files that said otherwise. It replaces the version that we last read or wrote, and no
 * other: where somebody else was faster, both versions are kept.
 */
import type { Query } from '../../database/session.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';

export const CONTENTS = ['export', 'rows'] as const;
export const TIMINGS = ['manual', 'after_edits', 'interval'] as const;
export type Timing = (typeof TIMINGS)[number];

/** How a run ended: `waiting` while the place has a version that is not read yet. */
export const OUTCOMES = ['written', 'unchanged', 'conflict', 'waiting', 'failed'] as const;
export type OutcomeStatus = (typeof OUTCOMES)[number];

/** Who may, of their own sources. */
export const MAY_WRITE_BACK = { role: 'editor', scope: SOURCES_SCOPE } as const;

/** The kind of job that writes back. */
export const WRITE_BACK = 'write-back';

export interface WriteBackRow {
  readonly write_back_id: string;
  readonly source_id: string;
  readonly name: string;
  readonly content: (typeof CONTENTS)[number];
  readonly dataset: string;
  readonly table_name: string;
  readonly format: string | null;
  /** Of an export: where, orderBy, fields, options. */
  readonly request: unknown;
  readonly path: string | null;
  readonly timing: Timing;
  readonly interval_seconds: number | null;
  readonly is_active: boolean;
  /** Of an upload that was cut: the hash of its bytes, and what the connector goes on from. */
  readonly upload_state: unknown;
  readonly version: number;
}

const COLUMNS = `write_back_id, source_id, name, content, dataset, table_name, format, request, path, timing, interval_seconds,
  is_active, upload_state, version`;

/** The write-back where the transaction's owner may see it. */
export async function readWriteBack(query: Query, writeBackId: string): Promise<WriteBackRow | undefined> {
  const [row] = await query<WriteBackRow & Record<string, unknown>>(
    'write-back',
    `SELECT ${COLUMNS} FROM write_backs WHERE write_back_id::text = $1`,
    [writeBackId],
  );
  return row;
}
