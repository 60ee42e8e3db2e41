/** Who is acting: a user, a token, a schedule or the command line. */
export type Role = 'viewer' | 'editor' | 'admin';

export interface Actor {
  readonly kind: 'user' | 'token' | 'schedule' | 'command';
  /** How the change log names this actor: `user:anna@example.org`, `token:nightly`, `command:root`. Never a secret. */
  readonly label: string;
  readonly role: Role;
}

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Whether the actor's role includes `role`: an admin may do what an editor may. */
export function hasRole(actor: Actor, role: Role): boolean {
  return RANK[actor.role] >= RANK[role];
}
