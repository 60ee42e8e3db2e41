/** Where a case's seconds go, for `--times`. */
import { AsyncLocalStorage } from 'node:async_hooks';

export type Phase = 'clone' | 'start' | 'run' | 'server' | 'rerun' | 'verdict' | 'drop';

const spent = new AsyncLocalStorage<Map<Phase, number>>();

/** Runs a case; its phases' milliseconds are added to `phases`. */
export const timing = <T>(phases: Map<Phase, number>, work: () => Promise<T>): Promise<T> => spent.run(phases, work);

/** Waits for `work` as part of a phase of the case that it belongs to. */
export async function timed<T>(phase: Phase, work: Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work;
  } finally {
    const phases = spent.getStore();
    phases?.set(phase, (phases.get(phase) ?? 0) + performance.now() - began);
  }
}

export function describePhases(phases: ReadonlyMap<Phase, number>): string {
  return [...phases].map(([phase, ms]) => `${phase} ${(ms / 1000).toFixed(1)}`).join(', ');
}
