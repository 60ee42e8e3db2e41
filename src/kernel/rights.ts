/** What an actor may do: asked before a field or a route is answered, by its `needs` or by hand. */
import { type Actor, hasRole, hasScope, type Role } from './actor.ts';
import { AppError } from './errors.ts';

export interface Right {
  readonly role: Role;
  /** The context whose rows are meant; undefined where no rows of a context are. */
  readonly scope?: string | undefined;
}

/**
 * Refuses an actor without the right.
 * @throws AppError FORBIDDEN
 */
export function requireRight({ actor }: { readonly actor: Actor }, { role, scope }: Right): void {
  if (!hasRole(actor, role)) {
    throw new AppError('FORBIDDEN', `This needs the role ${role}; you have the role ${actor.role}`, {
      hint: 'Use a token or an account with that role.',
    });
  }
  if (scope !== undefined && !hasScope(actor, scope)) {
    throw new AppError('FORBIDDEN', `This needs the scope ${scope}; yours are ${actor.scopes?.join(', ') || 'none'}`, {
      hint: 'Use a token or an account with that scope.',
    });
  }
}

/** A right in words, as descriptions name it. */
export function rightInWords({ role, scope }: Right): string {
  return `Needs the role ${role}${scope === undefined ? '' : `, and the scope ${scope}`}.`;
}
