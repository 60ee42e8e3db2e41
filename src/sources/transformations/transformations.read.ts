import picomatch from 'picomatch';
import type { EtlTransformation } from '../../database/generated/client.ts';
import type { Query } from '../../database/session.ts';
import { type EntityReads, fieldsOf, one } from '../../graphql/entity.ts';
import type { NamedSteps } from '../../ingest/transform/steps.ts';
import type { RecordTransform } from '../../ingest/transform/transform.ts';
import { hashBytes } from '../../kernel/hash.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { transformOf } from './compiled.ts';

const field = fieldsOf<EtlTransformation>();

export const transformations: EntityReads = {
  type: 'Transformation',
  scope: SOURCES_SCOPE,
  plural: 'transformations',
  single: 'transformation',
  aggregated: false,
  table: 'etl_transformations',
  seenBy: ['data_sources'],
  key: 'transformationId',
  description: 'Steps that the records of a source’s files go through before they are mapped.',
  fields: {
    transformationId: field.uuid('transformation_id', 'The key, a UUID of version 7.'),
    sourceId: field.uuid('source_id', 'The source whose records it changes.'),
    name: field.text('name', 'What people call it.'),
    position: field.integer('position', 'Its place among those of the source: from 1, in this order.'),
    pattern: field.text('pattern', 'A glob over the items’ paths; null for all of them.', { nullable: true }),
    steps: field.json('steps', 'Its steps, in their order.', { filter: false }),
    isActive: field.boolean('is_active', 'False while it is left out.'),
    createdAt: field.dateTime('created_at', 'When it was made.'),
    updatedAt: field.dateTime('updated_at', 'When it was last changed.'),
    version: field.integer('version', 'Grows by one with every change.', { order: false }),
  },
  relations: { source: one('DataSource', 'source_id', 'The source whose records it changes.') },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC', sourceId: 'ASC' },
};

interface Active extends NamedSteps {
  readonly pattern: string | null;
}

const activeOf = (query: Query, sourceId: string): Promise<(Active & Record<string, unknown>)[]> =>
  query(
    'active transformations',
    'SELECT name, pattern, steps FROM etl_transformations WHERE source_id = $1 AND is_active ORDER BY position, id',
    [sourceId],
  );

/** What the records of a source's items go through. */
export interface SourceTransforms {
  /** Another one once the active transformations are others; empty where there are none. */
  readonly mark: string;
  /** By the path of an item; undefined for nothing. The same steps give the same object. */
  readonly of: (path: string) => Promise<RecordTransform | undefined>;
}

/** All active transformations of a source, read once for any number of its items. */
export async function transformationsFor(query: Query, sourceId: string): Promise<SourceTransforms> {
  const rows = await activeOf(query, sourceId);
  const active = rows.map(({ name, steps, pattern }) => ({
    named: { name, steps },
    claims: pattern === null ? () => true : picomatch(pattern, { nocase: true, dot: true }),
  }));
  const told = JSON.stringify(rows.map(({ name, pattern, steps }) => [name, pattern, steps]));
  return {
    mark: rows.length === 0 ? '' : hashBytes(told).slice(0, 16),
    of: async (path) => {
      const own = active.filter(({ claims }) => claims(path)).map(({ named }) => named);
      return own.length === 0 ? undefined : transformOf(own);
    },
  };
}

/** What the records of one item go through: those active transformations whose pattern fits `path`, in their order, as one. */
export async function transformationsOf(
  query: Query,
  sourceId: string,
  path: string,
): Promise<RecordTransform | undefined> {
  return (await transformationsFor(query, sourceId)).of(path);
}
