/** The route of one row by its key. */
import Type, { type TObject } from 'typebox';
import { keyType } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { inWords } from '../graphql/entities.ts';
import { createParams } from '../graphql/params.ts';
import { requireVisible, rightToSee } from '../graphql/visible.ts';
import type { RestEntity, RestField } from './entity.ts';
import { VERSION } from './entity.ts';
import { noRow } from './list-route.ts';
import { type RestRoute, restRoute } from './route.ts';
import { rowTag } from './row-tag.ts';
import { askedFields, rowSql } from './rows-sql.ts';
import { fieldsSchema, keySchema, rowSchema } from './schemas.ts';

export interface FoundRow {
  /** As JSON text. */
  readonly body: string;
  /** Its entity tag, where rows have versions. */
  readonly etag: string | undefined;
}

/** The route `GET /researches/:research_id`. */
export function rowRoute(entity: RestEntity): RestRoute {
  const { reads, tag, one } = entity;
  return restRoute({
    method: 'GET',
    path: `${entity.path}/:${entity.key.name}`,
    operationId: `get${one}`,
    tag,
    summary: `One of the ${inWords(reads)}, by its key`,
    description: reads.description,
    needs: rightToSee(reads),
    isOneRead: true,
    params: keyParams(entity),
    query: Type.Object({ fields: fieldsSchema(entity) }),
    answers: {
      200: {
        description: 'The row.',
        content: { 'application/json': rowSchema(entity) },
        ...(entity.versioned && { headers: { etag: { description: 'Its version, for If-Match of a write.' } } }),
      },
      404: { description: 'There is none that you may see.' },
    },
    price: ({ query }) => askedFields(entity, query.fields).length,
    answer: async (context, { params, query }) => {
      const key = keyOf(entity, params);
      const found = await loadRow(context, entity, key, askedFields(entity, query.fields));
      if (found === null) throw noRow(entity, key);
      return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
    },
  });
}

/** The path's parameter that names a row. */
export const keyParams = (entity: RestEntity): TObject => Type.Object({ [entity.key.name]: keySchema(entity) });

/** The key in the checked parameters of a path. */
export const keyOf = ({ key }: RestEntity, params: object): string =>
  String(Reflect.get(params, key.name)).normalize('NFC');

/**
 * The row of this key; null where there is none that the actor may see.
 * @throws AppError FORBIDDEN
 */
export async function loadRow(
  context: GraphqlContext,
  entity: RestEntity,
  key: string,
  fields: readonly RestField[] = [...entity.fields.values()],
): Promise<FoundRow | null> {
  const { reads, versioned } = entity;
  const params = createParams();
  const limit = requireVisible(context, reads)?.('p', params);
  const own = `p.${entity.key.name} = ${params.add(key, keyType(reads))}`;
  const [row] = await context.reads.once<{ body: string; version: number | null; id: string | null }>(
    `rest ${reads.type} by key`,
    `SELECT ${rowSql(fields, 'p')} AS body, ${versioned ? `p.${VERSION}, p.id::text AS id` : 'NULL::integer AS version, NULL AS id'}
       FROM ${reads.table} p WHERE ${own}${limit === undefined ? '' : ` AND (${limit})`}`,
    params.values,
  );
  if (row === undefined) return null;
  const { body, version, id } = row;
  if (version === null || id === null) return { body, etag: undefined };
  // What is counted in other tables changes without the row.
  const counted = fields.some(({ sql }) => sql !== undefined) ? body : undefined;
  return { body, etag: rowTag({ version, id }, counted) };
}
