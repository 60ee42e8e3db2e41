import type { Database } from '../database/connect.ts';
import { contextSlot } from '../graphql/context.ts';
import type { Keyring } from '../kernel/keyring.ts';
import type { Log } from '../kernel/log.ts';
import type { SourceSettings } from '../kernel/source-settings.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { ConnectorRegistry } from './registry.ts';

/** What work on sources needs beside the database: the way out, the keys, and as whom the hub asks. */
export interface SourcesHouse {
  readonly database: Database;
  readonly log: Log;
  readonly outbound: Outbound;
  readonly keyring: Keyring;
  readonly oauthClients: SourceSettings['oauthClients'];
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute folders that the hub may read. */
  readonly importRoots: readonly string[];
  /** Loaded when first a source is looked at: a hub without sources never does. */
  readonly connectors: () => Promise<ConnectorRegistry>;
  /** Where people and providers reach the hub, by setting; undefined where it is not set. */
  readonly publicUrl: string | undefined;
}

/** Filled by the server for every operation and job. */
export const sourcesSlot = contextSlot<SourcesHouse>('sources');
