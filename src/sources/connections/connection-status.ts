/** Whether a source can be reached, as its line says it. */
import type { Query } from '../../database/session.ts';
import type { AppError } from '../../kernel/errors.ts';
import type { ConnectorError } from '../connector.ts';

/** What a source's `error` holds. */
export interface SourceFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** The account has to be connected again: nothing syncs the source until it is. Its cursor is kept. */
export async function markNeedsReauth(query: Query, sourceId: string, why: ConnectorError): Promise<void> {
  const fault: SourceFault = { code: 'NEEDS_REAUTH', message: why.message, hint: why.hint ?? 'Connect it again.' };
  await query(
    'source needs reauth',
    `UPDATE data_sources
        SET connection_status = 'needs_reauth', error = $2
      WHERE source_id = $1 AND connection_status NOT IN ('needs_reauth', 'disconnected')`,
    [sourceId, JSON.stringify(fault)],
  );
}

/** It can be reached, as this account. */
export async function markConnected(
  query: Query,
  sourceId: string,
  account: { readonly accountId: string; readonly displayName?: string | undefined },
): Promise<void> {
  await query(
    'source connected',
    `UPDATE data_sources
        SET connection_status = 'connected', error = NULL, account_id = $2, account_name = $3
      WHERE source_id = $1`,
    [sourceId, account.accountId, account.displayName ?? null],
  );
}

/** It cannot be reached as it is set. */
export async function markFault(query: Query, sourceId: string, { code, message, hint }: FaultOf): Promise<void> {
  const fault: SourceFault = { code, message, hint: hint ?? null };
  await query(
    'source fault',
    "UPDATE data_sources SET connection_status = 'error', error = $2 WHERE source_id = $1 AND connection_status <> 'disconnected'",
    [sourceId, JSON.stringify(fault)],
  );
}

type FaultOf = Pick<AppError, 'code' | 'message' | 'hint'>;

/** It is not reached any more. */
export async function markDisconnected(query: Query, sourceId: string): Promise<void> {
  await query(
    'source disconnected',
    "UPDATE data_sources SET connection_status = 'disconnected', error = NULL WHERE source_id = $1",
    [sourceId],
  );
}
