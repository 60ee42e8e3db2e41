/** Medians and ratios of what the rounds measured. */

/** The middle of the values; of an even number of them the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? Number.NaN : (lower + upper) / 2;
}

/** The value below which `share` (0 to 1) of the values lie. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * How many times as fast the subject was, as the median over the rounds: `subject` and `other` hold one value per round, in
 * the same unit and order.
 */
export function ratioOf(subject: readonly number[], other: readonly number[], better: 'more' | 'less'): number {
  const rounds = subject.flatMap((value, round) => {
    const against = other[round];
    if (against === undefined) return [];
    return [better === 'more' ? value / against : against / value];
  });
  return median(rounds);
}
