/** A source as its runs know it, and as whom they act: its owner, whoever asks. */
import type { Query } from '../../database/session.ts';
import type { Actor, Role } from '../../kernel/actor.ts';
import { ROLES } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';

export interface SyncSource {
  readonly source_id: string;
  readonly name: string;
  /** The connector's id. */
  readonly source_type: string;
  /** As it was kept: the connector's schema checks it anew. */
  readonly config: unknown;
  readonly rules: unknown;
  readonly is_active: boolean;
  readonly is_shared: boolean;
  /** Percent. */
  readonly delete_guard: number;
  readonly connection_status: string;
  readonly owner_id: string;
  readonly owner_label: string;
  readonly owner_role: string;
  readonly owner_scopes: readonly string[] | null;
  readonly owner_user_id: string | null;
  readonly credential_id: string | null;
  /** One more with whatever a person changes of it. */
  readonly version: number;
}

const COLUMNS = `source_id, name, source_type, config, rules, is_active, is_shared, delete_guard, connection_status, owner_id,
  owner_label, owner_role, owner_scopes, owner_user_id, credential_id, version`;

/** The source where the transaction's owner may see it. */
export async function readSource(query: Query, sourceId: string): Promise<SyncSource | undefined> {
  const [source] = await query<SyncSource & Record<string, unknown>>(
    'source of a sync',
    `SELECT ${COLUMNS} FROM data_sources WHERE source_id = $1`,
    [sourceId],
  );
  return source;
}

/**
 * The source as it is now, which nobody shares, hides or deletes before the transaction ends: what is written of it refers to
 * whose it is and whether it is shared.
 * @throws AppError NOT_FOUND where it is not there any more, or not to be seen
 */
export async function keepSource(query: Query, sourceId: string): Promise<SyncSource> {
  const [source] = await query<SyncSource & Record<string, unknown>>(
    'source kept',
    `SELECT ${COLUMNS} FROM data_sources WHERE source_id = $1 FOR KEY SHARE`,
    [sourceId],
  );
  if (source === undefined) throw sourceGone();
  return source;
}

/**
 * Locks the source as it was read until the transaction ends: what is written of a source that turned private, or reads another
 * folder by now, would be what nobody wants any more. Taken before any of its items, as whoever changes a source takes them.
 * @throws AppError INTERRUPTED where somebody changed it, for the run to begin anew at once; NOT_FOUND where it was deleted
 */
export async function holdSource(query: Query, { source_id: sourceId, version }: SyncSource): Promise<void> {
  const [now] = await query<{ version: number }>(
    'sync source held',
    'SELECT version FROM data_sources WHERE source_id = $1 FOR KEY SHARE',
    [sourceId],
  );
  if (now === undefined) throw sourceGone();
  if (now.version === version) return;
  throw new AppError('INTERRUPTED', 'The source was changed while it was synced', {
    hint: 'The sync goes on with what the source is now.',
    retryAfterMs: 0,
  });
}

export const sourceGone = (): AppError =>
  new AppError('NOT_FOUND', 'The source is no longer there', { hint: 'Add it again.' });

const KINDS = ['user', 'token', 'schedule', 'command'] as const;

/**
 * The owner as an actor, with the rights that they had when the source was made; what is left of them is asked anew when a job
 * begins. What a user made with a token goes on when the token ends: the source is theirs. What was made at the machine is the
 * hub's, and needs no credential.
 */
export function actorOfSource(source: SyncSource): Actor {
  const { owner_label: label, owner_scopes: scopes, owner_user_id: userId, credential_id: id } = source;
  const kind = KINDS.find((known) => label.startsWith(`${known}:`)) ?? 'command';
  // The least there is where the column holds what its table should have refused.
  const role: Role = ROLES.find((known) => known === source.owner_role) ?? 'viewer';
  const actor: Actor = { kind, label, role, scopes: scopes ?? undefined };
  if (userId !== null) {
    return { ...actor, credential: { kind: 'session', id: id ?? userId, userId, expiresAt: null } };
  }
  if (!source.owner_id.startsWith('token:') || id === null) return actor;
  return { ...actor, credential: { kind: 'token', id, userId: null, expiresAt: null } };
}
