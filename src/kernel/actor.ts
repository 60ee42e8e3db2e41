/** Who is acting: a user, a token, a schedule or the command line. */

/** A ladder: each may do what those before it may. Viewers read, importers take files in, editors change rows, admins run the hub. */
export const ROLES = ['viewer', 'importer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Actor {
  readonly kind: 'user' | 'token' | 'schedule' | 'command';
  /** How the change log names this actor: `user:anna@example.org`, `token:nightly`, `command:root`. Never a secret. */
  readonly label: string;
  readonly role: Role;
  /** The contexts whose rows the actor may see and change, such as `research`; undefined for all of them. */
  readonly scopes?: readonly string[] | undefined;
}

/** Whether the actor's role includes `role`: an admin may do what an editor may. */
export function hasRole(actor: Actor, role: Role): boolean {
  return ROLES.indexOf(actor.role) >= ROLES.indexOf(role);
}

/** Whether the actor may see rows of this context. */
export function hasScope({ scopes }: Actor, scope: string): boolean {
  return scopes === undefined || scopes.includes(scope);
}
