/** The content of a file, a shortcut's target, or a native document in the format that it is read in. */
import { ConnectorError, type Download, type ItemRef } from '../../connector.ts';
import { wholeBody } from '../../kit/whole-body.ts';
import { fetchContent } from '../token.ts';
import { type DriveContext, getFile, PROVIDER } from './client.ts';
import { type DriveFile, exportOf, FILE_FIELDS, isNative, isShortcut, nameWithExtension } from './files.ts';
import { fileItem, hashOf, shortcutItem } from './item.ts';
import { fetchTarget, resourceKeys } from './shortcuts.ts';

const CONTENT_FIELDS = `${FILE_FIELDS},exportLinks`;
const FILES_URL = 'https://www.googleapis.com/drive/v3/files';

interface Wanted {
  /** What holds the content. */
  readonly file: DriveFile;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws ConnectorError conflict where the content is of another version than `ref` names */
export async function downloadItem(context: DriveContext, ref: ItemRef, offset: number): Promise<Download> {
  const wanted = await findContent(context, ref);
  if (ref.version !== undefined && ref.version !== wanted.version) {
    throw new ConnectorError('conflict', 'The file has been changed since it was listed', {
      hint: 'The next run meets its new content.',
    });
  }
  return isNative(wanted.file.mimeType) ? exportNative(context, wanted, offset) : downloadFile(context, wanted, offset);
}

async function findContent(context: DriveContext, ref: ItemRef): Promise<Wanted> {
  const file = await getFile(context, ref.id, CONTENT_FIELDS);
  if (file.trashed === true) throw new ConnectorError('not-found', 'The file is in the bin');
  if (!isShortcut(file)) return { file, version: fileItem(file, '', '').version, headers: {} };
  const target = await fetchTarget(context, file, CONTENT_FIELDS);
  const { targetId, targetResourceKey } = file.shortcutDetails ?? {};
  return {
    file: target,
    version: shortcutItem(file, '', '', target).version,
    headers: resourceKeys(targetId ?? '', targetResourceKey),
  };
}

async function downloadFile(
  context: DriveContext,
  { file, version, headers }: Wanted,
  offset: number,
): Promise<Download> {
  const query = new URLSearchParams({ alt: 'media', supportsAllDrives: 'true' });
  if (context.settings.acknowledgeAbuse === true) query.set('acknowledgeAbuse', 'true');
  const answer = await fetchContent(context, PROVIDER, `${urlOf(file)}?${query}`, {
    ...headers,
    ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
  });
  if (offset > 0 && answer.status !== 206) {
    await answer.body?.cancel();
    throw new ConnectorError('conflict', `${PROVIDER} does not go on within this file`);
  }
  const size = file.size === null || file.size === undefined ? undefined : Number(file.size);
  const bytes = size === undefined ? undefined : size - offset;
  return {
    body: wholeBody(answer.body, { provider: PROVIDER, bytes, signal: context.signal }),
    mediaType: file.mimeType ?? undefined,
    size,
    version,
    hash: hashOf(file),
  };
}

async function exportNative(context: DriveContext, wanted: Wanted, offset: number): Promise<Download> {
  const { file, version } = wanted;
  const format = exportOf(file.mimeType);
  if (format === undefined)
    throw new ConnectorError('forbidden', 'This kind of document has no text that could be read');
  if (offset > 0) {
    // Each export is written anew, with other bytes: what was read of one is no beginning of another.
    throw new ConnectorError('conflict', 'The export of a document cannot go on in its middle');
  }
  const answer = await openExport(context, wanted, format.mediaType);
  const type = answer.headers.get('content-type') ?? '';
  if (/^text\/html/i.test(type)) {
    await answer.body?.cancel();
    throw new ConnectorError('transient', `${PROVIDER} sent a page for browsers instead of the document`);
  }
  return {
    body: wholeBody(answer.body, { provider: PROVIDER, signal: context.signal }),
    mediaType: format.mediaType,
    version,
    name: nameWithExtension(file.name ?? '', file.mimeType),
  };
}

/** The API exports 10 MB at most; the document's own links have no such limit. */
async function openExport(context: DriveContext, { file, headers }: Wanted, mediaType: string): Promise<Response> {
  try {
    const query = new URLSearchParams({ mimeType: mediaType });
    return await fetchContent(context, PROVIDER, `${urlOf(file)}/export?${query}`, headers);
  } catch (thrown) {
    const link = file.exportLinks?.[mediaType];
    if (!(thrown instanceof ConnectorError) || thrown.kind !== 'too-large' || link === undefined) throw thrown;
    return fetchContent(context, PROVIDER, link, headers);
  }
}

function urlOf(file: DriveFile): string {
  return `${FILES_URL}/${encodeURIComponent(file.id ?? '')}`;
}
