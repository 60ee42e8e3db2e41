/** Nothing is written by a condition that says nothing. */
import { entityReads } from '../../graphql/entities.ts';
import type { EntityReads } from '../../graphql/entity.ts';
import { asList, asWhere, given, type Where } from '../../graphql/field-filters.ts';
import { LINK } from '../../graphql/related-filters.ts';
import { AppError } from '../../kernel/errors.ts';

/**
 * A variable that was left out leaves an empty object, which finds every row: a list answers too much then, but a write
 * would be of rows that nobody meant. `{}` is taken only as what some, none or every related row is like.
 * @throws AppError BAD_USER_INPUT naming the place
 */
export function requireConditions(reads: EntityReads, where: unknown, at = 'where'): void {
  const conditions = someOf(asWhere(where, at), at);
  for (const [name, value] of conditions) requireInner(reads, name, value, `${at}.${name}`);
}

function requireInner(reads: EntityReads, name: string, value: unknown, at: string): void {
  const relation = reads.relations[name];
  if (name === 'and' || name === 'or') {
    for (const [index, part] of asList(value, at).entries()) requireConditions(reads, part, `${at}.${index}`);
  } else if (name === 'not') {
    requireConditions(reads, value, at);
  } else if (relation?.kind === 'one') {
    requireConditions(entityReads(relation.target), value, at);
  } else if (relation !== undefined) {
    for (const [quantifier, inner] of someOf(asWhere(value, at), at)) {
      const like = asWhere(inner, `${at}.${quantifier}`);
      if (given(like).length === 0 || quantifier === LINK) continue;
      requireConditions(entityReads(relation.target), like, `${at}.${quantifier}`);
    }
  } else if (typeof value === 'object' && value !== null) {
    // What an operator takes is its own matter: `metadata: { equals: {} }` says something.
    someOf(asWhere(value, at), at);
  }
}

function someOf(where: Where, at: string): [string, unknown][] {
  const conditions = given(where);
  if (conditions.length > 0) return conditions;
  throw new AppError('BAD_USER_INPUT', `\`${at}\` says nothing, so it would find every row`, {
    path: at,
    hint: 'Give every variable that it uses. If all rows are meant, say so by their key: { isNull: false }.',
  });
}
