/** Which cases are run: all of them, or for CI a covering of them. */
import type { FaultKind, ImportCase } from './import-case.ts';

/** The faults that meet a process at every crash point; resets meet a COMMIT instead. */
const AT_ALL: readonly FaultKind[] = ['stop', 'drop', 'half-open'];
/** With the one that the covering keeps for where the most is at stake. */
const AT_POINTS: readonly FaultKind[] = [...AT_ALL, 'down'];

/** In the middle of the work, and on both sides of the COMMIT. */
const KEY_POINTS = new Set(['import.batch', 'import.before-commit', 'import.committed']);

/** The first, a middle and the last hit. */
export function threeOf(hits: number): number[] {
  return [...new Set([1, Math.ceil(hits / 2), hits])];
}

/**
 * A kill and each other fault at the first, a middle and the last hit of every point; a reset at the first, a middle and the
 * last COMMIT. In the covering of CI every point is killed at all of its three; each other fault meets all three where the
 * most is at stake. Elsewhere a point meets two of the others at one of its hits each: which, the seed says, so that runs of
 * other seeds meet the rest.
 * @param hits how often an undisturbed import comes by each point
 * @param commits how many it sends
 */
export function planImports(
  hits: ReadonlyMap<string, number>,
  commits: number,
  { isLong, seed }: { readonly isLong: boolean; readonly seed: number },
): ImportCase[] {
  const cases: ImportCase[] = [];
  [...hits].forEach(([point, count], index) => {
    const three = threeOf(count);
    const turn = index + (seed % 9);
    const isKey = KEY_POINTS.has(point);
    const leftOut = AT_ALL[turn % AT_ALL.length];
    for (const hit of three) cases.push({ fault: 'kill', point, hit });
    AT_POINTS.forEach((fault, place) => {
      const one = three[(Math.floor(turn / 3) + place) % three.length] ?? 1;
      const isOfAll = AT_ALL.includes(fault);
      if (isLong || (isKey && isOfAll)) for (const hit of three) cases.push({ fault, point, hit });
      else if (isKey || (isOfAll && fault !== leftOut)) cases.push({ fault, point, hit: one });
    });
  });
  for (const fault of ['reset-answered', 'reset-sent'] as const)
    for (const hit of threeOf(commits)) cases.push({ fault, point: 'COMMIT', hit });
  return cases;
}
