/** Which of the types that there are a client wants. */

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** The type that the header Accept likes best, the first of several; undefined where it accepts none. */
export function acceptedType(header: string | undefined, offered: readonly string[]): string | undefined {
  if (header === undefined || header.trim() === '') return offered[0];
  const ranges = header.split(',').map(rangeOf);
  let best: { readonly type: string; readonly quality: number } | undefined;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const given = quality === undefined ? 1 : Number(quality);
  return { type, quality: Number.isFinite(given) ? given : 1 };
}

/** Of the range that says most of it: `text/csv;q=0` refuses it beside a range of all types. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const [family] = type.split('/', 1);
  for (const wanted of [type, `${family}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
