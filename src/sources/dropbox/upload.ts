/** Writing: small files in one request, larger ones in a session that another process can go on with. */
import type { files } from 'dropbox';
import type { ItemRef, RemoteItem, UploadRequest } from '../connector.ts';
import { createDropboxHash } from '../kit/dropbox-hash.ts';
import { ask, type DropboxContext } from './client.ts';
import { fileItem } from './entries.ts';
import { rootDepth, rootFolder } from './settings.ts';
import { PART, partsFrom } from './upload-parts.ts';
import { uploadInSession } from './upload-session.ts';

/** See {@link Connector.upload}. Every request tells the hash of its bytes, so that Dropbox refuses what was damaged on the way. */
export async function upload(request: UploadRequest, context: DropboxContext): Promise<RemoteItem> {
  const commit: files.CommitInfo = {
    path: `${rootFolder(context.settings)}/${request.path}`,
    mode: writeMode(request.replaces),
    // Were it stored under another name, nobody would learn of the conflict.
    autorename: false,
    strict_conflict: request.replaces !== 'any',
    mute: true,
  };
  const file =
    request.size <= PART
      ? await uploadAtOnce(request, commit, context)
      : await uploadInSession(request, commit, context);
  return fileItem(file, rootDepth(context.settings));
}

/** See {@link Connector.remove}: a file whose version is told, only while that is the newest. */
export async function remove(ref: ItemRef, context: DropboxContext): Promise<void> {
  const isGuarded = ref.kind !== 'folder' && ref.version !== undefined;
  const asked: files.DeleteArg = { path: ref.id, ...(isGuarded ? { parent_rev: ref.version } : {}) };
  await ask(context, ({ sdk }) => sdk.filesDeleteV2(asked, { signal: context.signal }));
}

async function uploadAtOnce(
  request: UploadRequest,
  commit: files.CommitInfo,
  context: DropboxContext,
): Promise<files.FileMetadata> {
  const parts: Uint8Array[] = [];
  const hash = createDropboxHash();
  for await (const part of partsFrom(request, 0, context.signal)) {
    parts.push(part);
    hash.update(part);
  }
  // The SDK's own hash never leaves in this release: it compares the route with a path that it does not have.
  const asked = { ...commit, contents: Buffer.concat(parts), content_hash: hash.digest().toString('hex') };
  return ask(context, ({ sdk }) => sdk.filesUpload(asked, { signal: context.signal }));
}

function writeMode(replaces: UploadRequest['replaces']): files.WriteMode {
  if (replaces === 'any') return { '.tag': 'overwrite' };
  return replaces === null ? { '.tag': 'add' } : { '.tag': 'update', update: replaces };
}
