/** With whose rights a schedule works: those of who made it, asked anew whenever it is due. */
import type { Actor, Role } from '../../kernel/actor.ts';

/** As the columns of `scheduled_syncs` hold them. */
export interface RequesterRow {
  readonly actor: string;
  readonly actor_kind: string;
  readonly role: string;
  readonly scopes: readonly string[] | null;
  readonly credential_kind: string | null;
  readonly credential_id: string | null;
  readonly user_id: string | null;
}

export const REQUESTER_COLUMNS = 'actor, actor_kind, role, scopes, credential_kind, credential_id, user_id';

/**
 * The values of {@link REQUESTER_COLUMNS}. Of a browser that came by the start's link, which belongs to no user, the session is
 * left out: it ends within hours, and what was set up at the machine is to go on.
 */
export function requesterValues({ label, kind, role, scopes, credential }: Actor): unknown[] {
  const lasting = credential?.kind === 'session' && credential.userId === null ? undefined : credential;
  return [label, kind, role, scopes ?? null, lasting?.kind ?? null, lasting?.id ?? null, lasting?.userId ?? null];
}

const KINDS = ['user', 'token', 'schedule', 'command'] as const;
const CREDENTIALS = ['session', 'token'] as const;
const ROLES: readonly Role[] = ['viewer', 'importer', 'editor', 'admin'];

/** Who stands in the columns; the least there is where they hold what their table should have refused. */
export function requesterOf(row: RequesterRow): Actor {
  const kind = CREDENTIALS.find((known) => known === row.credential_kind);
  return {
    kind: KINDS.find((known) => known === row.actor_kind) ?? 'schedule',
    label: row.actor,
    role: ROLES.find((known) => known === row.role) ?? 'viewer',
    scopes: row.scopes ?? undefined,
    ...(kind !== undefined &&
      row.credential_id !== null && {
        credential: { kind, id: row.credential_id, userId: row.user_id, expiresAt: null },
      }),
  };
}
