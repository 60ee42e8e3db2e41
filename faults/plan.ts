/** Which cases are run: all of them, or for CI a covering of them. */
import type { FaultKind, ImportCase } from './import-case.ts';

/** The faults that meet a process at a crash point; resets meet a COMMIT instead. */
const AT_POINTS: readonly FaultKind[] = ['stop', 'drop', 'half-open', 'down'];

/** In the middle of the work, and on both sides of the COMMIT. */
const KEY_POINTS = new Set(['import.batch', 'import.before-commit', 'import.committed']);

/** The first, a middle and the last hit. */
export function threeOf(hits: number): number[] {
  return [...new Set([1, Math.ceil(hits / 2), hits])];
}

/**
 * Every case of every point, hit and fault. The covering of CI: a kill at a middle hit of every point and, in turn, at its
 * first or its last, at all three where the most is at stake; of each other fault one case there, and one of them, in turn,
 * at every other point; a reset at the first, a middle and the last COMMIT.
 * @param hits how often an undisturbed import comes by each point
 * @param commits how many it sends
 */
export function planImports(hits: ReadonlyMap<string, number>, commits: number, isLong: boolean): ImportCase[] {
  const cases: ImportCase[] = [];
  [...hits].forEach(([point, count], index) => {
    const three = threeOf(count);
    const [first = 1, middle = first, last = middle] = three;
    const two = new Set([middle, index % 2 === 0 ? first : last]);
    for (const hit of isLong || KEY_POINTS.has(point) ? three : two) cases.push({ fault: 'kill', point, hit });
    AT_POINTS.forEach((fault, place) => {
      if (isLong) for (const hit of three) cases.push({ fault, point, hit });
      else if (KEY_POINTS.has(point) || (fault !== 'down' && place === index % 3))
        cases.push({ fault, point, hit: three[(index + place) % three.length] ?? 1 });
    });
  });
  for (const fault of ['reset-answered', 'reset-sent'] as const)
    for (const hit of threeOf(commits)) cases.push({ fault, point: 'COMMIT', hit });
  return cases;
}
