/** Roles and scopes as they are given: nobody gives, or takes from others, more than they have. */
import { type Actor, hasRole, hasScope, ROLES, type Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

export interface Rights {
  readonly role: Role;
  /** The contexts whose rows are meant; null for all of them. */
  readonly scopes: readonly string[] | null;
}

/** Besides the contexts with rows of their own: users, tokens and sessions. */
export const ACCESS_SCOPE = 'access';

const MOST_SCOPES = 20;

/** What both allow: a token made for a user opens no more than the user may. */
export function lesserRights(one: Rights, other: Rights): Rights {
  const role = ROLES.indexOf(one.role) < ROLES.indexOf(other.role) ? one.role : other.role;
  if (one.scopes === null) return { role, scopes: other.scopes };
  return { role, scopes: one.scopes.filter((scope) => other.scopes?.includes(scope) ?? true) };
}

/**
 * Refuses rights that go beyond the actor's own, whether given or held by whom the actor would change.
 * @throws AppError FORBIDDEN
 */
export function requireWithin(actor: Actor, { role, scopes }: Rights): void {
  if (!hasRole(actor, role)) {
    throw new AppError('FORBIDDEN', `The role ${role} goes beyond yours, which is ${actor.role}`, {
      hint: 'Ask somebody with that role.',
    });
  }
  const beyond = scopes?.filter((scope) => !hasScope(actor, scope));
  if (actor.scopes === undefined || beyond?.length === 0) return;
  throw new AppError(
    'FORBIDDEN',
    `${beyond?.join(', ') ?? 'Every scope'} goes beyond your scopes, which are ${actor.scopes.join(', ')}`,
    {
      hint: 'Ask somebody whose scopes include it.',
    },
  );
}

/**
 * Scopes as they are kept: each once, sorted; null for all.
 * @throws AppError BAD_USER_INPUT for an empty list, which would open nothing, and for a scope that no context has
 */
export function readScopes(scopes: readonly string[] | null | undefined, known: readonly string[]): string[] | null {
  if (scopes == null) return null;
  const stranger = scopes.find((scope) => !known.includes(scope));
  if (stranger === undefined && scopes.length > 0 && scopes.length <= MOST_SCOPES) return [...new Set(scopes)].sort();
  throw new AppError(
    'BAD_USER_INPUT',
    stranger === undefined ? `Give 1 to ${MOST_SCOPES} scopes, or none for all` : 'There is no such scope',
    {
      path: 'scopes',
      hint: `Scopes are ${known.join(', ')}.`,
    },
  );
}
