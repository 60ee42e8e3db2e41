/** An upload session: parts with their hashes, from wherever an earlier process left off. */
import type { Dropbox, files } from 'dropbox';
import { ConnectorError, type UploadRequest } from '../connector.ts';
import { createDropboxHash } from '../kit/dropbox-hash.ts';
import { type DropboxContext, openClient } from './client.ts';
import { correctOffset, isSessionGone, thrownError } from './errors.ts';
import { partsFrom } from './upload-parts.ts';

/** So many times the place may name another offset, or a session end, before the upload is given up. */
const TURNS = 5;

interface Session {
  readonly id: string;
  readonly offset: number;
}

/**
 * Writes the whole of it and returns what Dropbox made of it; after every part, `onProgress` is told where to go on.
 * @throws ConnectorError
 */
export async function uploadInSession(
  request: UploadRequest,
  commit: files.CommitInfo,
  context: DropboxContext,
): Promise<files.FileMetadata> {
  let session = readSession(request.resume);
  for (let turn = 0; turn < TURNS; turn += 1) {
    session ??= await begin(context);
    try {
      return await sendFrom(session, request, commit, context);
    } catch (thrown) {
      const offset = correctOffset(thrown);
      if (offset !== undefined) session = { id: session.id, offset };
      else if (isSessionGone(thrown)) session = null;
      else throw thrownError(thrown, context.signal);
    }
  }
  throw new ConnectorError('transient', 'Dropbox asks for another part of the file again and again');
}

async function begin(context: DropboxContext): Promise<Session> {
  try {
    const { sdk } = await openClient(context);
    const contents = Buffer.alloc(0);
    const started = await sdk.filesUploadSessionStart({ close: false, contents }, { signal: context.signal });
    return { id: started.result.session_id, offset: 0 };
  } catch (thrown) {
    throw thrownError(thrown, context.signal);
  }
}

/** Throws as the SDK does: whoever calls reads offsets out of it. */
async function sendFrom(
  session: Session,
  request: UploadRequest,
  commit: files.CommitInfo,
  context: DropboxContext,
): Promise<files.FileMetadata> {
  const options = { signal: context.signal };
  let offset = session.offset;
  for await (const contents of partsFrom(request, offset, context.signal)) {
    const { sdk } = await openClient(context);
    const part = { contents, content_hash: hashOf(contents), cursor: { session_id: session.id, offset } };
    if (offset + contents.length === request.size) return (await finish(sdk, part, commit, options)).result;
    await sdk.filesUploadSessionAppendV2({ ...part, close: false }, options);
    offset += contents.length;
    await request.onProgress?.(JSON.stringify({ id: session.id, offset } satisfies Session), offset);
  }
  // An earlier process sent the last byte and died before the file was made of it.
  const { sdk } = await openClient(context);
  const contents = Buffer.alloc(0);
  const part = { contents, content_hash: hashOf(contents), cursor: { session_id: session.id, offset } };
  return (await finish(sdk, part, commit, options)).result;
}

function finish(
  sdk: Dropbox,
  part: Omit<files.UploadSessionFinishArg, 'commit'>,
  commit: files.CommitInfo,
  options: { readonly signal: AbortSignal },
): ReturnType<Dropbox['filesUploadSessionFinish']> {
  return sdk.filesUploadSessionFinish({ ...part, commit }, options);
}

function hashOf(contents: Uint8Array): string {
  const hash = createDropboxHash();
  hash.update(contents);
  return hash.digest().toString('hex');
}

/** Null where it says nothing of a session: another begins. */
function readSession(resume: string | undefined): Session | null {
  if (resume === undefined) return null;
  try {
    const told: unknown = JSON.parse(resume);
    if (typeof told !== 'object' || told === null || !('id' in told) || !('offset' in told)) return null;
    const { id, offset } = told;
    return typeof id === 'string' && typeof offset === 'number' ? { id, offset } : null;
  } catch {
    // Written by another release; sending from the start is always right.
    return null;
  }
}
