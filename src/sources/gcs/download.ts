/** The content of an object, of the generation that was listed. */
import { ConnectorError, type ContentHash, type Download, type ItemRef } from '../connector.ts';
import { wholeBody } from '../kit/whole-body.ts';
import { objectPath, PROVIDER, request } from './request.ts';
import type { GcsContext } from './settings.ts';

/** See {@link Connector.download}. A generation that was replaced is a conflict, one that is gone is not found. */
export async function downloadObject(ref: ItemRef, offset: number, context: GcsContext): Promise<Download> {
  const answer = await request(context, {
    path: objectPath(context, ref.id),
    query: { alt: 'media', ifGenerationMatch: ref.version },
    headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
  });
  if (offset > 0 && answer.status !== 206) {
    await answer.body?.cancel();
    // Of what is kept compressed there are no parts.
    throw new ConnectorError('transient', `${PROVIDER} sent the whole object where a part was asked for`);
  }
  const length = answer.headers.get('content-length');
  const bytes = length === null ? undefined : Number(length);
  const whole = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
  const stored = answer.headers.get('x-goog-stored-content-encoding') ?? 'identity';
  return {
    body: wholeBody(answer.body, { provider: PROVIDER, bytes, signal: context.signal }),
    size: whole === undefined ? bytes : Number(whole),
    version: answer.headers.get('x-goog-generation') ?? ref.version,
    mediaType: answer.headers.get('content-type') ?? undefined,
    hash: stored === 'identity' ? hashOf(answer.headers.get('x-goog-hash')) : undefined,
  };
}

/** `crc32c=…,md5=…`, of the whole content. */
function hashOf(header: string | null): ContentHash | undefined {
  const told = new Map(
    (header ?? '').split(',').map((part) => [part.trim().split('=', 1)[0], part.slice(part.indexOf('=') + 1)]),
  );
  for (const algorithm of ['md5', 'crc32c'] as const) {
    const value = told.get(algorithm);
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}
