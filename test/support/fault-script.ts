/** Which faults wait for which requests, and how many requests there were. */
import type { FaultPoint, ProviderFault } from './provider-fake.ts';

export interface FaultScript {
  readonly add: (point: FaultPoint, fault: ProviderFault, times?: number) => void;
  readonly clear: () => void;
  /** The next fault that any answer can have, used up. */
  readonly take: (point: FaultPoint | undefined) => ProviderFault | undefined;
  /** Whether a fault of this kind waits here, used up: those that only the provider's own answer can show. */
  readonly strikes: (kind: ProviderFault['kind'], point: FaultPoint) => boolean;
  readonly seen: (point: FaultPoint | undefined) => void;
  readonly count: (point: FaultPoint) => number;
}

/** In the provider's words: its fake asks for them by `strikes`. */
const BY_PROVIDER: ReadonlySet<ProviderFault['kind']> = new Set(['cursor-lost', 'duplicate-page', 'repeat-for-ever']);

export function createFaultScript(): FaultScript {
  const waiting: { readonly point: FaultPoint; readonly fault: ProviderFault; left: number }[] = [];
  const counts = new Map<FaultPoint, number>();
  const take = (
    accepts: (fault: ProviderFault) => boolean,
    point: FaultPoint | undefined,
  ): ProviderFault | undefined => {
    const index = waiting.findIndex(
      (entry) => accepts(entry.fault) && (entry.point === 'any' || entry.point === point || point === 'any'),
    );
    const entry = waiting[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) waiting.splice(index, 1);
    return entry.fault;
  };
  return {
    add: (point, fault, times = 1) => void waiting.push({ point, fault, left: times }),
    clear: () => void waiting.splice(0),
    take: (point) => take(({ kind }) => !BY_PROVIDER.has(kind), point),
    strikes: (kind, point) => take((fault) => fault.kind === kind, point) !== undefined,
    seen(point) {
      counts.set('any', (counts.get('any') ?? 0) + 1);
      if (point !== undefined) counts.set(point, (counts.get(point) ?? 0) + 1);
    },
    count: (point) => counts.get(point) ?? 0,
  };
}
