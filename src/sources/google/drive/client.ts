/** The SDK as this connector asks it. */
import type { drive_v3 } from '@googleapis/drive';
import type { ConnectorContext } from '../../connector.ts';
import { authOf, callOptions, dataOf, withToken } from '../token.ts';
import type { DriveSettings } from './settings.ts';

export type DriveContext = ConnectorContext<DriveSettings>;

export const PROVIDER = 'Google Drive';

type Options = ReturnType<typeof callOptions>;

/** One request. @throws ConnectorError for whatever Drive or the way to it has to say */
export function ask<T>(
  context: DriveContext,
  request: (drive: drive_v3.Drive, options: Options) => Promise<{ readonly data: T }>,
): Promise<T> {
  return withToken(context, PROVIDER, async (accessToken) => {
    const [{ drive }, auth] = await Promise.all([import('@googleapis/drive'), authOf(context, accessToken)]);
    return dataOf(await request(drive({ version: 'v3', auth }), callOptions(context)), PROVIDER);
  });
}

/** A file's metadata; `fields` as Drive writes masks. @throws ConnectorError not-found among others */
export function getFile(context: DriveContext, fileId: string, fields: string): Promise<drive_v3.Schema$File> {
  return ask(context, (drive, options) => drive.files.get({ fileId, fields, supportsAllDrives: true }, options));
}

/** Of a change log or a listing: the account's own, or that of one shared drive. */
export const OWN_LOG = '';

/** The parameters of files.list that say where to look. */
export function corpusOf(log: string): {
  corpora: string;
  driveId?: string;
  includeItemsFromAllDrives: true;
  supportsAllDrives: true;
} {
  const everywhere = { includeItemsFromAllDrives: true, supportsAllDrives: true } as const;
  return log === OWN_LOG ? { corpora: 'user', ...everywhere } : { corpora: 'drive', driveId: log, ...everywhere };
}
