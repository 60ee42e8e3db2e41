/** A download as a stream: the SDK's own would hold the whole file in memory, and its resuming one is for files on disk. */
import { ConnectorError, type Download, type ItemRef } from '../connector.ts';
import { answerText } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { wholeBody } from '../kit/whole-body.ts';
import { type DropboxContext, headerJson, openClient } from './client.ts';
import { PROVIDER, refusalError } from './errors.ts';
import { formatOf, withExtension } from './export-format.ts';
import { rootFolder } from './settings.ts';

const CONTENT = 'https://content.dropboxapi.com/2/files';

/** What Dropbox tells of a file beside its bytes. */
type Told = Readonly<Record<string, unknown>>;

/** See {@link Connector.download}. A document that is no file comes as what the listing promised: Markdown, where it can. */
export async function download(
  ref: ItemRef,
  options: { readonly offset?: number | undefined },
  context: DropboxContext,
): Promise<Download> {
  return ref.kind === 'native' ? exported(ref, context) : plain(ref, options.offset ?? 0, context);
}

async function plain(ref: ItemRef, offset: number, context: DropboxContext): Promise<Download> {
  const response = await request('download', { path: pathOf(ref, context) }, offset, context);
  const file = await toldOf(response);
  await requireVersion(ref, file, response);
  const size = numberOf(file['size']);
  const from = response.status === 206 ? offset : 0;
  const bytes = size === undefined ? undefined : size - from;
  const body = wholeBody(response.body, { provider: PROVIDER, bytes, signal: context.signal });
  return {
    body: withoutFirst(body, offset - from),
    size,
    version: textOf(file['rev']),
    hash: hashOf(file['content_hash']),
  };
}

async function exported(ref: ItemRef, context: DropboxContext): Promise<Download> {
  const format = formatOf(ref.mediaType);
  const asked = { path: pathOf(ref, context), ...(format === undefined ? {} : { export_format: format.format }) };
  const response = await request('export', asked, 0, context);
  const told = await toldOf(response);
  const [made, file] = [recordOf(told['export_metadata']), recordOf(told['file_metadata'])];
  await requireVersion(ref, file, response);
  const size = numberOf(made['size']);
  return {
    body: wholeBody(response.body, { provider: PROVIDER, bytes: size, signal: context.signal }),
    size,
    mediaType: format?.mediaType,
    version: textOf(file['rev']),
    hash: hashOf(made['export_hash']),
    name: withExtension(textOf(made['name']) ?? textOf(file['name']) ?? ref.id, format),
  };
}

/** What was never listed is known by its path alone. */
function pathOf({ id }: ItemRef, { settings }: DropboxContext): string {
  return /^(id|rev|ns):/.test(id) ? id : `${rootFolder(settings)}/${id}`;
}

async function request(route: string, asked: object, offset: number, context: DropboxContext): Promise<Response> {
  const { accessToken, pathRoot } = await openClient(context);
  const response = await reach(context, PROVIDER, `${CONTENT}/${route}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${accessToken}`,
      'dropbox-api-arg': headerJson(asked),
      ...(pathRoot === undefined ? {} : { 'dropbox-api-path-root': pathRoot }),
      ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
    },
  });
  if (response.ok) return response;
  const body = asJson(await answerText(response));
  throw refusalError({ status: response.status, headers: response.headers, body });
}

/** @throws ConnectorError transient where the answer is somebody else's, such as a proxy's page */
async function toldOf(response: Response): Promise<Told> {
  const told = asJson(response.headers.get('dropbox-api-result') ?? '');
  if (typeof told === 'object' && told !== null) return recordOf(told);
  await response.body?.cancel();
  throw new ConnectorError('transient', 'Something other than the file was sent in its place', {
    status: response.status,
  });
}

async function requireVersion(ref: ItemRef, file: Told, response: Response): Promise<void> {
  if (ref.version === undefined || file['rev'] === ref.version) return;
  await response.body?.cancel();
  throw new ConnectorError('conflict', 'The file has changed since it was listed');
}

/** For a way to Dropbox that ignores ranges: what is there already is read past. */
function withoutFirst(body: ReadableStream<Uint8Array>, bytes: number): ReadableStream<Uint8Array> {
  if (bytes === 0) return body;
  let left = bytes;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const skipped = Math.min(left, chunk.length);
        left -= skipped;
        if (skipped < chunk.length) controller.enqueue(chunk.subarray(skipped));
      },
    }),
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Refusals of the hosts of content may be plain text: whoever reads the value looks at its type.
    return text;
  }
}

function recordOf(value: unknown): Told {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function hashOf(value: unknown): Download['hash'] {
  return typeof value === 'string' ? { algorithm: 'dropbox', value } : undefined;
}
