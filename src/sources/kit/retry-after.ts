/** How long a provider asks to wait. */

/** Those of a `Response`, or of what an SDK tells of one. */
export interface AnswerHeaders {
  get(name: string): string | null;
}
/** A header that names a day next year is a mistake, and must not stop a source until then. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Milliseconds of a Retry-After header, of seconds or of an HTTP date, at most a day; undefined where there is none or it says
 * nothing. A date is measured by the answer's own clock (its Date header), since ours may be another.
 */
export function retryAfterOf(
  answer: { readonly headers: AnswerHeaders },
  now: number = Date.now(),
): number | undefined {
  const text = answer.headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(LONGEST_MS, Math.ceil(Number(text) * 1000));
  // Date.parse finds a year in "-3"; every form of an HTTP date begins with the day's name.
  const until = /^[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  const theirs = Date.parse(answer.headers.get('date') ?? '');
  return Math.min(LONGEST_MS, Math.max(0, until - (Number.isNaN(theirs) ? now : theirs)));
}
