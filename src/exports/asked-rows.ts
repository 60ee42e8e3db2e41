/** `where` and `orderBy` of an export as the API takes them. Loaded by who is asked for them: others need no schema. */
import {
  coerceInputValue,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLSchema,
  isInputType,
} from 'graphql';
import type { EntityReads } from '../graphql/entity.ts';
import { refused } from './request.ts';

/** `where` of a type from JSON, as a resolver would get it. @throws AppError BAD_USER_INPUT naming the place */
export function readWhere(schema: GraphQLSchema, reads: EntityReads, where: unknown): unknown {
  if (where === undefined || where === null) return undefined;
  return coerced(where, inputType(schema, `${reads.type}Filter`), 'where');
}

/** `orderBy` of a type from JSON, as a resolver would get it. @throws AppError BAD_USER_INPUT naming the place */
export function readOrderBy(
  schema: GraphQLSchema,
  reads: EntityReads,
  orderBy: unknown,
): readonly object[] | undefined {
  if (orderBy === undefined || orderBy === null) return undefined;
  const type = new GraphQLList(new GraphQLNonNull(inputType(schema, `${reads.type}Order`)));
  const value = coerced(orderBy, type, 'orderBy');
  return Array.isArray(value) ? value.filter((each: unknown) => typeof each === 'object' && each !== null) : undefined;
}

function inputType(schema: GraphQLSchema, name: string): GraphQLInputType {
  const type = schema.getType(name);
  if (isInputType(type)) return type;
  throw refused(name.endsWith('Order') ? 'orderBy' : 'where', 'is not for this source');
}

function coerced(value: unknown, type: GraphQLInputType, place: string): unknown {
  return coerceInputValue(value, type, (path, _invalid, error) => {
    throw refused([place, ...path].join('.'), `does not fit: ${error.message}`);
  });
}
