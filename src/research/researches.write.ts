/** Researches made, changed and deleted by hand. Each function is given a transaction whose actor is set. */
import type { Query } from '../database/session.ts';
import { deleteRow, editRow } from '../history/edit.ts';
import { AppError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/json.ts';

export interface NewResearch {
  readonly researchId?: string | null | undefined;
  readonly title: string;
  readonly department: string;
  readonly status?: string | null | undefined;
  readonly researcherId?: string | null | undefined;
  readonly outputPath?: string | null | undefined;
  readonly metadata?: JsonValue | undefined;
}

/** Absent: kept; null: cleared. */
export type ResearchPatch = {
  readonly [Field in keyof Omit<NewResearch, 'researchId'>]?: NewResearch[Field] | null | undefined;
};

const RESEARCH_ID = /^(RSH-[A-Z]{2,6}|RSR)-\d{3,}$/;
const LONGEST = { researchId: 200, title: 2_000, outputPath: 2_000 } as const;

/**
 * Makes a research and returns its key: the one given, or the next free of its department.
 * @throws AppError BAD_USER_INPUT, CONFLICT
 */
export async function createResearch(query: Query, given: NewResearch): Promise<string> {
  const title = checkTitle(given.title);
  await checkResearcher(query, given.researcherId);
  const researchId = given.researchId == null ? await nextId(query, given.department) : checkId(given.researchId);
  await query(
    'research created',
    `INSERT INTO researches (research_id, title, department, status, researcher_id, output_path, metadata)
     VALUES ($1, $2, $3, coalesce($4, 'planning'), $5, $6, coalesce($7::jsonb, '{}'))`,
    [
      researchId,
      title,
      given.department,
      given.status ?? null,
      given.researcherId ?? null,
      checkPath(given.outputPath),
      given.metadata == null ? null : JSON.stringify(checkMetadata(given.metadata)),
    ],
  );
  // Whoever makes by hand what was deleted by hand wants it back, from files too.
  await query('tombstone lifted', `DELETE FROM tombstones WHERE table_name = 'researches' AND record_id = $1`, [
    researchId,
  ]);
  return researchId;
}

/**
 * Changes what the patch names. A patch that changes nothing writes nothing.
 * @throws AppError NOT_FOUND, BAD_USER_INPUT
 */
export async function updateResearch(query: Query, researchId: string, patch: ResearchPatch): Promise<void> {
  const known = await query('research locked', 'SELECT FROM researches WHERE research_id = $1 FOR UPDATE', [
    researchId,
  ]);
  if (known.length === 0) throw noSuchResearch(researchId);
  await checkResearcher(query, patch.researcherId);
  const { title, department, status, researcherId, outputPath, metadata } = patch;
  const changes = [
    { column: 'title', type: 'text', value: title === undefined ? undefined : checkTitle(required('title', title)) },
    { column: 'department', type: 'text', value: required('department', department) },
    { column: 'status', type: 'text', value: required('status', status) },
    { column: 'researcher_id', type: 'text', value: researcherId },
    { column: 'output_path', type: 'text', value: outputPath === undefined ? undefined : checkPath(outputPath) },
    // The column has no NULLs: cleared metadata are empty.
    {
      column: 'metadata',
      type: 'jsonb',
      value: metadata === undefined ? undefined : JSON.stringify(checkMetadata(metadata ?? {})),
    },
  ].filter(({ value }) => value !== undefined);
  await editRow(query, { table: 'researches', keyColumn: 'research_id', key: researchId, changes });
}

/**
 * Deletes a research with its links; its reports stay. Files do not bring it back.
 * @throws AppError NOT_FOUND
 */
export async function deleteResearch(query: Query, actor: string, researchId: string): Promise<void> {
  const gone = await deleteRow(query, actor, { table: 'researches', keyColumn: 'research_id', key: researchId });
  if (!gone) throw noSuchResearch(researchId);
}

/**
 * The number after the highest that the department ever had, deleted and merely mentioned researches included: a mention
 * that waits for its research must not find another one. One at a time, or two at once would take the same number.
 */
async function nextId(query: Query, department: string): Promise<string> {
  const prefix = `RSH-${department}-`;
  await query('research numbers locked', `SELECT pg_advisory_xact_lock(hashtextextended('researches.' || $1, 0))`, [
    prefix,
  ]);
  const [row] = await query<{ next: bigint }>(
    'next research number',
    `SELECT coalesce(max(substring(key FROM length($1) + 1)::bigint), 0) + 1 AS next
       FROM (
         SELECT research_id AS key FROM researches
         UNION ALL
         SELECT record_id FROM tombstones WHERE table_name = 'researches'
         UNION ALL
         SELECT owner_key FROM "references" WHERE relation LIKE 'research%'
         UNION ALL
         SELECT target FROM "references" WHERE relation = 'reports.research_id' AND target_by = 'key'
       ) known
      WHERE starts_with(key, $1) AND substring(key FROM length($1) + 1) ~ '^\\d{3,9}$'`,
    [prefix],
  );
  return `${prefix}${String(row?.next ?? 1).padStart(3, '0')}`;
}

function checkId(researchId: string): string {
  if (RESEARCH_ID.test(researchId) && researchId.length <= LONGEST.researchId) return researchId;
  throw badInput('researchId', 'The key of a research is RSH, a department and a number, such as RSH-VID-001');
}

function checkTitle(title: string): string {
  const trimmed = title.trim().normalize('NFC');
  if (trimmed !== '' && trimmed.length <= LONGEST.title) return trimmed;
  throw badInput('title', `A title has 1 to ${LONGEST.title} characters`);
}

function checkPath(path: string | null | undefined): string | null {
  if (path == null || path.length <= LONGEST.outputPath) return path ?? null;
  throw badInput('outputPath', `A path has at most ${LONGEST.outputPath} characters`);
}

function checkMetadata(metadata: JsonValue): JsonValue {
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) return metadata;
  throw badInput('metadata', 'Metadata are a JSON object');
}

function required<T>(field: string, value: T | null): T {
  if (value !== null) return value;
  throw badInput(field, `A research has a ${field}: it cannot be cleared`);
}

async function checkResearcher(query: Query, employeeId: string | null | undefined): Promise<void> {
  if (employeeId == null) return;
  const found = await query('employee looked up', 'SELECT FROM employees WHERE employee_id = $1', [employeeId]);
  if (found.length === 0) throw badInput('researcherId', `There is no employee ${employeeId}`);
}

const badInput = (path: string, message: string): AppError => new AppError('BAD_USER_INPUT', message, { path });

const noSuchResearch = (researchId: string): AppError =>
  new AppError('NOT_FOUND', `There is no research ${researchId}`, { path: 'researchId' });
