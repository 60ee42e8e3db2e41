/** Bytes as they are stored: an answer that is packed on its way tells a length, and takes offsets, of other bytes than come out. */

/** The headers that ask for content unpacked, from `offset` on. */
export function plainBytes(offset: number): Record<string, string> {
  return { 'accept-encoding': 'identity', ...(offset === 0 ? {} : { range: `bytes=${offset}-` }) };
}

/** How many bytes will come, where the answer tells: not of one that was packed all the same. */
export function lengthOf(answer: { readonly headers: Headers }): number | undefined {
  const encoding = answer.headers.get('content-encoding') ?? 'identity';
  const length = answer.headers.get('content-length');
  if (length === null || encoding !== 'identity' || !/^\d+$/.test(length)) return undefined;
  return Number(length);
}
