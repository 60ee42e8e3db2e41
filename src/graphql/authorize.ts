import { hasRole, type Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import type { GraphqlContext } from './context.ts';

/**
 * Refuses an actor whose role does not include `role`.
 * @throws AppError FORBIDDEN
 */
export function requireRole(context: GraphqlContext, role: Role): void {
  if (hasRole(context.actor, role)) return;
  throw new AppError('FORBIDDEN', `This needs the role ${role}; you have the role ${context.actor.role}`, {
    hint: 'Use a token or an account with that role.',
  });
}
