/** A write-back's source, opened for its connector. */
import { readSession } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { openConnector } from '../connections/connector-context.ts';
import { connectorOf } from '../registry.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { renewable } from '../sync/renewal.ts';
import { readSource, type SyncSource } from '../sync/source.ts';
import type { Place } from './put-file.ts';
import { noWriteBack } from './request-write-back.ts';
import { readWriteBack, type WriteBackRow } from './write-back.ts';

export interface OpenWriteBack {
  readonly row: WriteBackRow;
  readonly source: SyncSource;
  readonly place: Place;
}

/** @throws AppError NOT_FOUND, BAD_USER_INPUT where the place cannot be written to; as {@link openConnector} */
export async function openWriteBack(
  house: SourcesHouse,
  actor: Actor,
  writeBackId: string,
  options: { readonly signal: AbortSignal; readonly importRoots: readonly string[] },
): Promise<OpenWriteBack> {
  const [row, source] = await readSession(house.database.read, actor, async (query) => {
    const found = await readWriteBack(query, writeBackId);
    return [found, found && (await readSource(query, found.source_id))] as const;
  });
  if (row === undefined || source === undefined) throw noWriteBack();
  const connector = connectorOf(await house.connectors(), source.source_type);
  requireWritable(connector);
  const { signal, importRoots } = options;
  const opened = renewable({ ...(await openConnector(house, source, connector, signal)), importRoots });
  return { row, source, place: { connector, ...opened } };
}

/** @throws AppError BAD_USER_INPUT */
export function requireWritable({ capabilities, title }: Place['connector']): void {
  if (capabilities.write !== false) return;
  throw new AppError('BAD_USER_INPUT', `${title} cannot be written to`, {
    path: 'sourceId',
    hint: 'Places that can: folders, Dropbox, S3 and Google Cloud Storage.',
  });
}
