/**
 * One merge of several small files, whose records are plain: each speaks of a row that no other file speaks of, and brings
 * nothing but mentions and parts of that row. What such files give does not depend on which is first, so that one set of
 * statements gives what an import of each would. The rows' origins tell one file's from another's, to the change log too.
 */
import type pg from 'pg';
import { copyLines, identifier } from '../database/copy.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import type { Dataset } from './dataset.ts';
import { keepDeparted } from './departed.ts';
import type { ImportCounts } from './journal.ts';
import { type Looked, lookAt, missingKey, named } from './look.ts';
import { MENTION_AUTHORITY, MENTIONS } from './mentions.ts';
import { insertSql, updateSql } from './merge.ts';
import { mergeParts } from './parts.ts';
import { resolveReferences } from './references.ts';
import type { Registry } from './registry.ts';
import { copyRejects } from './rejects.ts';
import { columnRelations } from './relations.ts';
import { type Shared, shapeOf } from './shared.ts';
import type { SmallContents, StagedLines } from './small-file.ts';
import { makeStage, PLACE_COLUMNS, type StageShape } from './stage.ts';
import { partStage, RECORDS } from './stages.ts';
import { targetOf } from './take-in.ts';
import { type MergeTarget, recordId } from './target.ts';

/** A file of a run, all of one dataset. */
export interface RunMember {
  readonly importId: string;
  readonly contents: SmallContents;
}

/** What became of a run: its counts by import, or the imports that must go alone, and nothing was written. */
export type RunOutcome =
  | { readonly counts: ReadonlyMap<string, ImportCounts> }
  | { readonly alone: ReadonlySet<string> };

/** Above every ordinal of a small file. */
const MOST_RECORDS = 1_000_000;

/**
 * Merges the files of one run in one go. The caller holds all locks and a savepoint, left the staging tables empty, and told
 * the change log that each row's import is the one of its origin.
 * @throws pg.DatabaseError where a table refuses one of the records
 */
export async function mergeRun(
  client: pg.ClientBase,
  registry: Registry,
  dataset: Dataset,
  run: readonly RunMember[],
  shared: Shared,
): Promise<RunOutcome> {
  const [first] = run;
  const shapes = first?.contents.staged ?? new Map<string, StagedLines>();
  const table = shapes.get(RECORDS)?.table ?? (await shapeOf(client, dataset.table, shared));
  const target = targetOf(client, dataset, table);
  const staged = await stage(client, run, shapes, shared);
  crashPoint('import.staged');
  const looked = await lookAt(target, registry);
  const alone = run.filter((member) => isSpecial(member, looked)).map(({ importId }) => importId);
  if (alone.length > 0) return { alone: new Set(alone) };
  crashPoint('import.matched');
  const ids = run.map(({ importId }) => importId);
  await keepDeparted(client, registry, dataset, ids, { parts: new Map(), derived: new Map() }, shared);
  if (looked.missing.size > 0) await stageMissingKeys(target, registry, shapes.get(MENTIONS), shared);
  const range = [null, 0, MOST_RECORDS];
  const counted = { inserted: new Map<string, number>(), updated: new Map<string, number>() };
  const write = async (what: keyof typeof counted, sql: string): Promise<void> => {
    const { rows } = await client.query<{ id: string }>(named(client, `${what} ${dataset.table}`, sql, range));
    for (const { id } of rows) counted[what].set(id, (counted[what].get(id) ?? 0) + 1);
  };
  if (looked.known.size > 0) await write('updated', `${updateSql(target)} RETURNING s.origin_import_id AS id`);
  await write('inserted', `${insertSql(target, ['origin_import_id'])} RETURNING origin_import_id AS id`);
  for (const part of dataset.parts ?? [])
    if (staged.has(partStage(part.table))) await mergeParts(client, part, partStage(part.table), null);
  crashPoint('import.merged');
  const mentions = staged.has(MENTIONS) || looked.missing.size > 0;
  if (mentions) await keepMentions(client);
  const links = mentions ? await resolveReferences(client, registry.relations, [], ids) : new Map<string, number>();
  crashPoint('import.resolved');
  const rejects = run.flatMap(({ contents }) => contents.rejects);
  if (rejects.length > 0) await copyRejects(client, rejects);
  return {
    counts: new Map(
      run.map(({ importId, contents: { read, rejected } }) => {
        const inserted = counted.inserted.get(importId) ?? 0;
        const updated = counted.updated.get(importId) ?? 0;
        const unchanged = read - rejected - inserted - updated;
        return [importId, { read, inserted, updated, unchanged, rejected, derived: links.get(importId) ?? 0 }];
      }),
    ),
  };
}

/** A row that is there already keeps its mentions and parts unless they are looked at one by one. */
function isSpecial({ importId, contents }: RunMember, { special, known, missing }: Looked): boolean {
  return special.has(importId) || (known.has(importId) && (contents.brings || missing.has(importId)));
}

/** Stages the lines of all files, and returns which staging tables hold any. Only the records' is there in any case. */
async function stage(
  client: pg.ClientBase,
  run: readonly RunMember[],
  shapes: ReadonlyMap<string, StagedLines>,
  shared: Shared,
): Promise<ReadonlySet<string>> {
  const filled = new Set<string>();
  for (const shape of shapes.values()) {
    const lines = run.flatMap(({ contents }) => contents.staged.get(shape.name)?.lines ?? []);
    if (lines.length > 0 || shape.name === RECORDS) await makeStage(client, shape, shared.made);
    if (lines.length === 0) continue;
    await copyLines(client, shape.name, ['origin_import_id', ...PLACE_COLUMNS, ...shape.columns], lines);
    filled.add(shape.name);
    crashPoint('import.batch');
  }
  return filled;
}

/** Keys whose rows are not there become mentions that wait, and the rows stand without them: see foreign-keys.ts. */
async function stageMissingKeys(
  { client, stage, table, key, columns }: MergeTarget,
  registry: Registry,
  mentions: StageShape | undefined,
  shared: Shared,
): Promise<void> {
  if (mentions !== undefined) await makeStage(client, mentions, shared.made);
  for (const relation of columnRelations(registry.relations, table)) {
    const { name, column } = relation;
    if (!columns.includes(column)) continue;
    const id = recordId(key, 's');
    await client.query(
      `INSERT INTO ${MENTIONS} (ordinal, line, relation, owner_key, target_by, target, record_id, authority, origin_import_id)
       SELECT s.ordinal, s.line, $1, ${id}, 'key', s.${identifier(column)}, ${id}, i.authority, s.origin_import_id
         FROM ${stage} s
         JOIN imports i ON i.import_id = s.origin_import_id
        WHERE ${missingKey(relation)}`,
      [name],
    );
    await client.query(`UPDATE ${stage} s SET ${identifier(column)} = NULL WHERE ${missingKey(relation)}`);
  }
}

/** The staged mentions, of rows that no mention spoke of before: see mergeMentions. */
async function keepMentions(client: pg.ClientBase): Promise<void> {
  await client.query(
    `WITH said AS (
       SELECT s.origin_import_id, s.ordinal, s.line, s.relation, s.owner_key, s.target_by, s.attributes, s.record_id,
              CASE s.target_by WHEN 'name' THEN lower(s.target) ELSE s.target END AS target,
              CASE WHEN s.authority < ${MENTION_AUTHORITY.record} THEN s.authority ELSE s.authority + i.authority END AS authority,
              i.dataset, i.path, i.file_modified_at
         FROM ${MENTIONS} s
         JOIN imports i ON i.import_id = s.origin_import_id
     ), once AS (
       SELECT DISTINCT ON (origin_import_id, relation, owner_key, target_by, target, record_id) *
         FROM said
        ORDER BY origin_import_id, relation, owner_key, target_by, target, record_id, authority, ordinal
     )
     INSERT INTO "references" (relation, owner_key, target_by, target, attributes, record_id, authority,
                               dataset, path, modified_at, import_id, line)
     SELECT relation, owner_key, target_by, target, attributes, record_id, authority,
            dataset, path, file_modified_at, origin_import_id, line
       FROM once
      ORDER BY origin_import_id, relation, owner_key, target_by, target`,
  );
}
