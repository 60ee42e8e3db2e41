/** `where` of every list as SQL. Its inputs are in filter-inputs.ts; both follow the type's declaration. */
import { fieldOf } from './entities.ts';
import type { EntityReads } from './entity.ts';
import {
  asList,
  asWhere,
  conditionSql,
  countCondition,
  fieldSql,
  given,
  joined,
  type Scope,
  tooMuch,
  type Where,
} from './field-filters.ts';
import type { Params } from './params.ts';
import { relatedSql } from './related-filters.ts';

const MOST_NESTED = 8;

/**
 * The condition that `where` puts on rows of `alias`, or undefined for none. `at` is the argument that errors name.
 * @throws AppError LIMIT_EXCEEDED, BAD_USER_INPUT
 */
export function whereSql(
  reads: EntityReads,
  where: unknown,
  alias: string,
  params: Params,
  at = 'where',
): string | undefined {
  if (where === undefined || where === null) return undefined;
  const scope = { params, depth: 0, count: { conditions: 0 }, at };
  return allOf(reads, asWhere(where, scope.at), alias, scope);
}

/** Every condition of one object holds; an empty object holds always. */
function allOf(reads: EntityReads, where: Where, alias: string, scope: Scope): string {
  if (scope.depth > MOST_NESTED) throw tooMuch(`\`where\` may be nested ${MOST_NESTED} deep at most`);
  return joined(
    given(where).map(([name, value]) => oneOf(reads, name, value, alias, { ...scope, at: `${scope.at}.${name}` })),
  );
}

function oneOf(reads: EntityReads, name: string, value: unknown, alias: string, scope: Scope): string {
  countCondition(scope);
  const deeper = { ...scope, depth: scope.depth + 1 };
  if (name === 'and' || name === 'or') {
    const parts = asList(value, scope.at).map((part, index) => {
      const at = `${scope.at}.${index}`;
      return `(${allOf(reads, asWhere(part, at), alias, { ...deeper, at })})`;
    });
    // Of no alternatives none holds; of no conditions all do.
    return parts.length === 0 ? String(name === 'and') : parts.join(name === 'and' ? ' AND ' : ' OR ');
  }
  // What a NULL leaves unknown is not a match, so its negation is one: NOT alone would drop those rows.
  if (name === 'not') return `(${allOf(reads, asWhere(value, scope.at), alias, deeper)}) IS NOT TRUE`;
  const relation = reads.relations[name];
  if (relation !== undefined) return relatedSql(reads, relation, asWhere(value, scope.at), alias, deeper, allOf);
  const condition = reads.conditions?.[name];
  if (condition !== undefined) return conditionSql(condition, value, alias, scope);
  return fieldSql(fieldOf(reads, name), value, alias, scope);
}
