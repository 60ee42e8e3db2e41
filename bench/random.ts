/** Random numbers that a seed decides: the same seed makes the same data on every machine. */
export interface Random {
  /** From 0 up to but not 1. */
  readonly next: () => number;
  /** A whole number from 0 up to but not `below`. */
  readonly below: (below: number) => number;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
}

/** Mulberry32: small, fast, and even enough for data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (values) => values[below(values.length)] ?? values[0] };
}
