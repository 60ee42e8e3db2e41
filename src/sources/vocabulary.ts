/** The closed lists of values of the sources' tables. */
import { enumeration } from '../graphql/enumerations.ts';

export const CONNECTION_STATUS = enumeration('ConnectionStatus', 'Whether a source can be reached.', [
  'pending',
  'connected',
  'needs_reauth',
  'error',
  'disconnected',
]);

export const SYNC_JOB_TYPES = ['full_sync', 'incremental', 'delta', 'manual'] as const;
export type SyncJobType = (typeof SYNC_JOB_TYPES)[number];
export const SYNC_JOB_TYPE = enumeration(
  'SyncJobType',
  'What a sync reads: everything there is, or what changed since the last one.',
  [...SYNC_JOB_TYPES],
);

export const SYNC_JOB_STATUS = enumeration('SyncJobStatus', 'Where a sync is on its way.', [
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'waiting',
]);

export const SYNC_STATUSES = ['pending', 'synced', 'skipped', 'failed', 'missing', 'deleted', 'conflict'] as const;
export const SYNC_STATUS = enumeration('SyncStatus', 'What became of an item.', [...SYNC_STATUSES]);

export const ITEM_TYPE = enumeration('ItemType', 'What kind of thing an item is.', [
  'file',
  'folder',
  'native',
  'shortcut',
  'message',
  'page',
]);

/** Whose rows these types show: nobody sees them without it. */
export const SOURCES_SCOPE = 'sources';
