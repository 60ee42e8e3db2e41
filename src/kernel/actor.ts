/** Who is acting: a user, a token, a schedule or the command line. */

/** A ladder: each may do what those before it may. Viewers read, importers take files in, editors change rows, admins run the hub. */
export const ROLES = ['viewer', 'importer', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What the actor came in by, where that can be ended: a browser's session or a bearer token. */
export interface Credential {
  readonly kind: 'session' | 'token';
  /** A UUID, shown in lists; no secret. */
  readonly id: string;
  /** The user whose it is; null of the start's link and of a script's token. */
  readonly userId: string | null;
  /** When it ends even if it is used; null for never. */
  readonly expiresAt: Date | null;
}

export interface Actor {
  readonly kind: 'user' | 'token' | 'schedule' | 'command';
  /** How the change log names this actor: `user:anna@example.org`, `token:nightly`, `command:root`. Never a secret. */
  readonly label: string;
  readonly role: Role;
  /** The contexts whose rows the actor may see and change, such as `research`; undefined for all of them. */
  readonly scopes?: readonly string[] | undefined;
  readonly credential?: Credential | undefined;
  /** Whose rows are theirs, where that is not whom the credential names: `*` for everybody's. */
  readonly owner?: string | undefined;
}

/** Acts for nobody in particular and over everybody's rows: tickers, sweeps, webhooks that come in, metrics. */
export const HOUSEKEEPER: Actor = { kind: 'schedule', label: 'schedule:housekeeping', role: 'admin', owner: '*' };

/**
 * Whose rows the actor's are, as row-level security knows them: `user:<uuid>`, `token:<uuid>` of a script's token, `hub` of the
 * command line, the token of the settings and the start's link, `*` of the {@link HOUSEKEEPER}.
 */
export function ownerOf({ owner, credential }: Pick<Actor, 'owner' | 'credential'>): string {
  if (owner !== undefined) return owner;
  if (typeof credential?.userId === 'string') return `user:${credential.userId}`;
  return credential?.kind === 'token' ? `token:${credential.id}` : 'hub';
}

/** Whether the actor's role includes `role`: an admin may do what an editor may. */
export function hasRole(actor: Pick<Actor, 'role'>, role: Role): boolean {
  return ROLES.indexOf(actor.role) >= ROLES.indexOf(role);
}

/** Whether the actor may see rows of this context. */
export function hasScope({ scopes }: Pick<Actor, 'scopes'>, scope: string): boolean {
  return scopes === undefined || scopes.includes(scope);
}

/** Whether both stand for one actor with the same rights. */
export function hasSameRights(one: Actor, other: Actor): boolean {
  const scopesOf = ({ scopes }: Actor) => scopes?.toSorted().join();
  return (
    one.label === other.label &&
    one.role === other.role &&
    scopesOf(one) === scopesOf(other) &&
    ownerOf(one) === ownerOf(other)
  );
}
