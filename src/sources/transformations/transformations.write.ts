/** Transformations as people add, change, order and delete them. Whoever may change the source may. */
import type { Query } from '../../database/session.ts';
import type { Step } from '../../ingest/transform/steps.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { lockSource } from '../lock-source.ts';
import { refused } from './transformation-input.ts';

/** Checked already. */
export interface TransformationValues {
  readonly name: string;
  readonly pattern: string | null;
  readonly steps: readonly Step[];
  readonly isActive: boolean;
}

const MOST_OF_SOURCE = 100;

/**
 * Adds one, behind the others of its source; returns its key.
 * @throws AppError NOT_FOUND, FORBIDDEN, LIMIT_EXCEEDED
 */
export async function addTransformation(
  query: Query,
  actor: Actor,
  sourceId: string,
  { name, pattern, steps, isActive }: TransformationValues,
): Promise<string> {
  const source = await lockSource(query, actor, sourceId);
  const transformationId = uuidv7();
  const [made] = await query<{ id: bigint }>(
    'transformation add',
    `INSERT INTO etl_transformations (transformation_id, source_id, owner_id, is_shared, name, position, pattern, steps, is_active)
     SELECT $1, $2, $3, $4, $5, coalesce(max(t.position), 0) + 1, $6, $7, $8
       FROM etl_transformations t
      WHERE t.source_id = $2
     HAVING count(*) < ${MOST_OF_SOURCE}
     RETURNING id`,
    [
      transformationId,
      source.source_id,
      source.owner_id,
      source.is_shared,
      name,
      pattern,
      JSON.stringify(steps),
      isActive,
    ],
  );
  if (made !== undefined) return transformationId;
  throw new AppError('LIMIT_EXCEEDED', `A source has at most ${MOST_OF_SOURCE} transformations`, {
    hint: 'Put several steps into one.',
  });
}

export interface KeptTransformation extends TransformationValues {
  readonly transformation_id: string;
  readonly source_id: string;
  readonly version: number;
}

const noTransformation = (): AppError =>
  new AppError('NOT_FOUND', 'There is no transformation with this id', { path: 'transformationId' });

/** As it stands, for whoever sees it. @throws AppError NOT_FOUND */
export async function findTransformation(query: Query, key: string): Promise<KeptTransformation> {
  const [row] = await query<KeptTransformation & Record<string, unknown>>(
    'transformation by key',
    `SELECT transformation_id, source_id, name, pattern, steps, is_active AS "isActive", version
       FROM etl_transformations WHERE transformation_id::text = $1`,
    [key],
  );
  if (row === undefined) throw noTransformation();
  return row;
}

/** Locks its source, then it. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
async function lockTransformation(
  query: Query,
  actor: Actor,
  key: string,
  ifVersion: number | null | undefined,
): Promise<KeptTransformation> {
  await lockSource(query, actor, (await findTransformation(query, key)).source_id);
  const row = await findTransformation(query, key);
  if (ifVersion == null || row.version === ifVersion) return row;
  throw new AppError('CONFLICT', `The transformation has version ${row.version} by now`, {
    path: 'ifVersion',
    hint: 'Read it again, and change what it is now.',
  });
}

/** @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT when its version is not `ifVersion` */
export async function changeTransformation(
  query: Query,
  actor: Actor,
  key: string,
  values: TransformationValues,
  ifVersion: number | null | undefined,
): Promise<void> {
  await lockTransformation(query, actor, key, ifVersion);
  await query(
    'transformation change',
    `UPDATE etl_transformations SET name = $2, pattern = $3, steps = $4, is_active = $5
      WHERE transformation_id::text = $1`,
    [key, values.name, values.pattern, JSON.stringify(values.steps), values.isActive],
  );
}

/** @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function deleteTransformation(
  query: Query,
  actor: Actor,
  key: string,
  ifVersion: number | null | undefined,
): Promise<{ readonly transformationId: string; readonly name: string }> {
  const { name } = await lockTransformation(query, actor, key, ifVersion);
  await query('transformation delete', 'DELETE FROM etl_transformations WHERE transformation_id::text = $1', [key]);
  return { transformationId: key, name };
}

/**
 * Puts the transformations of a source into this order.
 * @throws AppError NOT_FOUND, FORBIDDEN; BAD_USER_INPUT unless `keys` are all of them, each once
 */
export async function orderTransformations(
  query: Query,
  actor: Actor,
  sourceId: string,
  keys: readonly string[],
): Promise<void> {
  const source = await lockSource(query, actor, sourceId);
  const rows = await query<{ key: string }>(
    'transformations of source',
    'SELECT transformation_id::text AS key FROM etl_transformations WHERE source_id = $1',
    [source.source_id],
  );
  const known = new Set(rows.map(({ key }) => key));
  if (keys.length !== known.size || new Set(keys).size !== keys.length || !keys.every((key) => known.has(key)))
    throw refused('transformationIds', 'names all transformations of the source, each once');
  await query(
    'transformations order',
    `UPDATE etl_transformations t SET position = o.position
       FROM unnest($2::uuid[]) WITH ORDINALITY AS o(key, position)
      WHERE t.source_id = $1 AND t.transformation_id = o.key AND t.position <> o.position`,
    [source.source_id, keys],
  );
}
