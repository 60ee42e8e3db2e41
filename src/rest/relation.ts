/** Lists that belong to a row, by the names of its declaration. */
import type { ListRelation } from '../graphql/entity.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestEntity } from './entity.ts';

/** @throws AppError DECLARATION_INVALID where rows of the type have no list of this name */
export function listRelation({ reads }: RestEntity, name: string): ListRelation {
  const relation = reads.relations[name];
  if (relation !== undefined && relation.kind !== 'one') return relation;
  throw new AppError('DECLARATION_INVALID', `The type ${reads.type} has no list ${name}`);
}
