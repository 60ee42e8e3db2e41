/** What a run needs beside its job: the connectors, a way to each source, the pipeline, and a place for bytes. */
import type { Database } from '../../database/connect.ts';
import type { Query } from '../../database/session.ts';
import type { Ingest } from '../../ingest/run.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Log } from '../../kernel/log.ts';
import type { Connector, ConnectorContext } from '../connector.ts';
import type { SourceTransforms } from '../transformations/transformations.read.ts';
import type { SyncSource } from './source.ts';

export interface SyncHouse {
  readonly database: Database;
  readonly log: Log;
  readonly actor: Actor;
  /** @throws AppError NOT_FOUND */
  readonly connectorOf: (type: string) => Promise<Connector>;
  /** With checked settings, opened secrets and a guarded way out. @throws AppError NEEDS_REAUTH, CONFIG_INVALID */
  readonly openContext: (source: SyncSource, connector: Connector, signal: AbortSignal) => Promise<ConnectorContext>;
  readonly ingest: Ingest;
  /** Absolute; made when it is needed. */
  readonly spool: string;
  /** What the records of a source's items go through before they are mapped. */
  readonly transforms?: ((query: Query, sourceId: string) => Promise<SourceTransforms>) | undefined;
}
