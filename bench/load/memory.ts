/** Whether memory grew, told from samples that jump with every collection of garbage. */
import { median } from '../figures.ts';

/** What the samples, one a second, say of the time after the warm-up: their first third. */
export interface MemoryGrowth {
  /** Of the samples after the warm-up. */
  readonly median: number;
  readonly highest: number;
  /** The median of the last third less that of the middle third. */
  readonly grown: number;
  /** Per minute: the median of the slopes between any two samples, which no single jump can move. */
  readonly slope: number;
}

export function growthOf(samples: readonly number[]): MemoryGrowth {
  const third = Math.floor(samples.length / 3);
  const after = samples.slice(third);
  const slopes = after.flatMap((early, at) => after.slice(at + 1).map((late, by) => (late - early) / (by + 1)));
  return {
    median: median(after),
    highest: Math.max(...samples),
    grown: median(samples.slice(2 * third)) - median(samples.slice(third, 2 * third)),
    slope: median(slopes) * 60,
  };
}
