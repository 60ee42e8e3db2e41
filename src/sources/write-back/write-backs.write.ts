/** Write-backs as people make, change and delete them: the source's owner, and administrators where it is shared. */
import type { Query } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { lockSource } from '../lock-source.ts';
import { checkedName, refused } from '../source-input.ts';
import { conflictCopyReason } from './conflict-copy.ts';
import { noWriteBack, requestWriteBack } from './request-write-back.ts';
import { CONTENTS, readWriteBack, TIMINGS, type Timing, type WriteBackRow } from './write-back.ts';

export interface NewWriteBack {
  readonly sourceId: string;
  readonly name: string;
  readonly content: string;
  readonly dataset: string;
  /** The dataset's. */
  readonly table: string;
  /** Of an export. */
  readonly format?: string | undefined;
  readonly request?: object | undefined;
  readonly path?: string | null | undefined;
  readonly timing?: string | null | undefined;
  readonly intervalSeconds?: number | null | undefined;
}

export interface WriteBackPatch {
  readonly name?: string | null | undefined;
  readonly timing?: string | null | undefined;
  readonly intervalSeconds?: number | null | undefined;
  readonly isActive?: boolean | null | undefined;
}

/**
 * Makes one; returns its key. It runs when it is asked to, after the next edit, or at its interval.
 * @throws AppError NOT_FOUND, FORBIDDEN as {@link lockSource}; BAD_USER_INPUT; CONFLICT where another writes this file
 */
export async function addWriteBack(query: Query, actor: Actor, wanted: NewWriteBack): Promise<string> {
  const source = await lockSource(query, actor, wanted.sourceId);
  const content = CONTENTS.find((known) => known === wanted.content);
  if (content === undefined) throw refused('content', `is one of ${CONTENTS.join(', ')}`);
  const timing = checkedTiming(wanted.timing ?? 'manual', wanted.intervalSeconds ?? null);
  const path = wanted.path == null || wanted.path === '' ? null : checkedPath(wanted.path);
  if (content === 'export' && path === null) throw refused('path', 'says where the export goes');
  const [made] = await query<{ write_back_id: string }>(
    'write-back add',
    `INSERT INTO write_backs (write_back_id, source_id, owner_id, is_shared, name, content, dataset, table_name, format, request,
                              path, timing, interval_seconds, next_run_at, seen_change)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::integer, now() + make_interval(secs => $13::integer),
             (SELECT max(id) FROM change_log))
     ON CONFLICT DO NOTHING
     RETURNING write_back_id`,
    [
      uuidv7(),
      source.source_id,
      source.owner_id,
      source.is_shared,
      checkedName(wanted.name),
      content,
      wanted.dataset,
      wanted.table,
      content === 'export' ? (wanted.format ?? 'csv') : null,
      JSON.stringify(wanted.request ?? {}),
      path,
      timing.timing,
      timing.intervalSeconds,
    ],
  );
  if (made !== undefined) return made.write_back_id;
  throw new AppError('CONFLICT', `Another write-back writes ${path} already`, {
    path: 'path',
    hint: 'Choose another path.',
  });
}

/** What is left out stays. @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT; CONFLICT for another version */
export async function changeWriteBack(
  query: Query,
  actor: Actor,
  writeBackId: string,
  patch: WriteBackPatch,
  ifVersion?: number | null,
): Promise<void> {
  const row = await lockWriteBack(query, actor, writeBackId);
  if (ifVersion != null && row.version !== ifVersion) {
    throw new AppError('CONFLICT', `The write-back has version ${row.version} by now`, {
      path: 'ifVersion',
      hint: 'Read it again, and change what it is now.',
    });
  }
  const wanted = patch.timing ?? row.timing;
  const seconds = wanted === 'interval' ? (patch.intervalSeconds ?? row.interval_seconds) : patch.intervalSeconds;
  const { timing, intervalSeconds } = checkedTiming(wanted, seconds ?? null);
  await query(
    'write-back change',
    `UPDATE write_backs
        SET name = $2, timing = $3, interval_seconds = $4::integer, is_active = $5, next_run_at = now() + make_interval(secs => $4::integer)
      WHERE write_back_id = $1`,
    [
      row.write_back_id,
      patch.name == null ? row.name : checkedName(patch.name),
      timing,
      intervalSeconds,
      patch.isActive ?? row.is_active,
    ],
  );
}

/** Forgets it; the files that it wrote stay. @throws AppError NOT_FOUND, FORBIDDEN */
export async function removeWriteBack(query: Query, actor: Actor, writeBackId: string): Promise<WriteBackRow> {
  const row = await lockWriteBack(query, actor, writeBackId);
  await query('write-back remove', 'DELETE FROM write_backs WHERE write_back_id = $1', [row.write_back_id]);
  return row;
}

/**
 * Has one write-back of the source run now, or all that are not paused; returns their keys.
 * @throws AppError NOT_FOUND, FORBIDDEN, NEEDS_REAUTH, CONFLICT as {@link requestWriteBack}
 */
export async function runWriteBacks(
  query: Query,
  actor: Actor,
  { sourceId, writeBackId }: { readonly sourceId: string; readonly writeBackId?: string | null | undefined },
): Promise<string[]> {
  const source = await lockSource(query, actor, sourceId);
  const found = await query<{ write_back_id: string }>(
    'write-backs of a source',
    `SELECT write_back_id
       FROM write_backs
      WHERE source_id = $1 AND CASE WHEN $2::text IS NULL THEN is_active ELSE write_back_id::text = $2 END
      ORDER BY id`,
    [source.source_id, writeBackId ?? null],
  );
  if (found.length === 0 && writeBackId != null) throw noWriteBack();
  for (const { write_back_id: key } of found) await requestWriteBack(query, key);
  return found.map(({ write_back_id: key }) => key);
}

async function lockWriteBack(query: Query, actor: Actor, writeBackId: string): Promise<WriteBackRow> {
  const row = await readWriteBack(query, writeBackId);
  if (row === undefined) throw noWriteBack();
  await lockSource(query, actor, row.source_id);
  return row;
}

interface CheckedTiming {
  readonly timing: Timing;
  readonly intervalSeconds: number | null;
}

function checkedTiming(given: string, intervalSeconds: number | null): CheckedTiming {
  const timing = TIMINGS.find((known) => known === given);
  if (timing === undefined) throw refused('timing', `is one of ${TIMINGS.join(', ')}`);
  if ((timing === 'interval') !== (intervalSeconds !== null)) {
    throw refused('intervalSeconds', 'goes with the timing interval, and with no other');
  }
  if (intervalSeconds !== null && !(Number.isInteger(intervalSeconds) && intervalSeconds >= 60)) {
    throw refused('intervalSeconds', 'is a whole number, 60 at least');
  }
  return { timing, intervalSeconds };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\u0000-\u001f\\:*?"<>|]|^\/|\/$|\/\/|(^|\/)\.{1,2}(\/|$)|[. ](\/|$)/;

/** One that every place can hold: what one computer of a team cannot store stops its synchronisation. */
function checkedPath(path: string): string {
  const tooLong = path.length > 1_000 || path.split('/').some((part) => Buffer.byteLength(part) > 200);
  if (tooLong || UNFIT.test(path) || !path.isWellFormed()) {
    throw refused('path', 'is not one that every place can hold', 'Such as exports/people.csv.');
  }
  if (conflictCopyReason(path.slice(path.lastIndexOf('/') + 1)) === undefined) return path;
  throw refused('path', 'looks like a conflict copy');
}
