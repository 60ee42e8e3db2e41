/** An upload of bytes that are at hand. */
import type { Connector, RemoteItem, UploadRequest } from '../../src/sources/connector.ts';
import type { ProviderPlace } from '../support/provider-fake.ts';

/** `onRead` is told how many bytes each opening of the content asks for. */
export async function write(
  connector: Connector,
  place: ProviderPlace,
  path: string,
  content: string | Buffer<ArrayBuffer>,
  replaces: UploadRequest['replaces'],
  rest: Partial<UploadRequest> = {},
  onRead: (bytes: number) => void = () => undefined,
): Promise<RemoteItem> {
  const bytes = Buffer.from(content);
  const opened = (offset: number): ReadableStream<Uint8Array> => {
    onRead(bytes.length - offset);
    return new Blob([bytes.subarray(offset)]).stream();
  };
  const request: UploadRequest = { path, size: bytes.length, open: opened, replaces, ...rest };
  if (connector.upload === undefined) throw new Error(`${connector.id} does not write`);
  return connector.upload(request, place.context());
}
