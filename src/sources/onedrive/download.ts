/** A file's bytes: Graph tells an address at another host, which opens without a token and must not be shown one. */
import { ConnectorError, type Download, type ItemRef } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { lengthOf, plainBytes } from '../kit/plain-bytes.ts';
import { restOf } from '../kit/rest-of.ts';
import { wholeBody } from '../kit/whole-body.ts';
import { type DriveItem, driveItem, hashOf, splitId, versionOf } from './drive-item.ts';
import { askGraph, askJson, GRAPH, type OneDriveContext, PROVIDER } from './graph.ts';

/** See {@link Connector.download}. */
export async function download(
  ref: ItemRef,
  options: { readonly offset?: number | undefined },
  context: OneDriveContext,
): Promise<Download> {
  const { driveId, itemId } = splitId(ref.id);
  const item = await askItem(driveId, itemId, context);
  if (item.malware !== undefined) throw new ConnectorError('forbidden', `${PROVIDER} holds the file back: malware`);
  const version = versionOf(item);
  if (ref.version !== undefined && version !== ref.version) {
    throw new ConnectorError('conflict', 'The file has changed since it was listed');
  }
  const offset = options.offset ?? 0;
  const response = await reach(context, PROVIDER, await addressOf(item, driveId, context), {
    headers: plainBytes(offset),
  });
  if (!response.ok) throw await refused(response);
  const mediaType = (item.file ?? item.remoteItem?.file)?.mimeType;
  await requireFile(response, mediaType);
  const size = item.remoteItem?.size ?? item.size;
  return {
    body: bodyOf(response, offset, size, context),
    mediaType,
    size,
    version,
    hash: hashOf(item),
    name: item.name,
  };
}

async function askItem(driveId: string, itemId: string, context: OneDriveContext): Promise<DriveItem> {
  return askJson(context, itemAddress(driveId, itemId), driveItem);
}

function itemAddress(driveId: string, itemId: string): string {
  return `${GRAPH}/drives/${encodeURIComponent(driveId)}/items/${encodeURIComponent(itemId)}`;
}

/** Where the bytes are, for the next few minutes: told with the item, or by the redirect of its content. Never kept. */
async function addressOf(item: DriveItem, driveId: string, context: OneDriveContext): Promise<string> {
  const told = item['@microsoft.graph.downloadUrl'];
  if (told !== undefined) return told;
  const { remoteItem: remote } = item;
  const itself = itemAddress(remote?.parentReference?.driveId ?? driveId, remote?.id ?? item.id);
  const response = await askGraph(context, `${itself}/content`);
  const location = response.headers.get('location');
  await response.body?.cancel();
  if (location !== null) return new URL(location, itself).href;
  throw new ConnectorError('transient', `${PROVIDER} told no address of the content`, { status: response.status });
}

/** An address that has run out is refused with 401 there: the item is asked for anew, the token is a good one. */
async function refused(response: Response): Promise<ConnectorError> {
  await response.body?.cancel();
  const kind = response.status === 401 || response.status === 403 ? 'transient' : undefined;
  return answerError(response, { provider: PROVIDER, kind });
}

async function requireFile(response: Response, mediaType: string | undefined): Promise<void> {
  const came = response.headers.get('content-type') ?? '';
  if (!/^text\/html\b/i.test(came) || /html/i.test(mediaType ?? '')) return;
  await response.body?.cancel();
  throw new ConnectorError('transient', `${PROVIDER} sent a page for browsers in the file’s place`);
}

function bodyOf(
  response: Response,
  offset: number,
  size: number | undefined,
  context: OneDriveContext,
): ReadableStream<Uint8Array> {
  // SharePoint adds to some files after it has counted them, so that what this answer says of itself comes first.
  const start = response.status === 206 ? offset : 0;
  const bytes = lengthOf(response) ?? (size === undefined ? undefined : size - start);
  const body = wholeBody(response.body, { provider: PROVIDER, bytes, signal: context.signal });
  return offset > start ? restOf(body, offset - start) : body;
}
