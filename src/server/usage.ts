/**
 * Who used how much of the server of late: whoever used far more than most goes behind them, however it is spread over requests.
 * Turns that run side by side share the processors, and each uses its share: by the clock alone a modest question would seem to
 * use the more the greedier the others are, until nobody stood out.
 */
import { availableParallelism } from 'node:os';

export interface Usage {
  /** Counts for the actor from now on; the function ends that. */
  readonly begin: (actor: string) => () => void;
  /** Which power of two of a quarter of a second the actor has used of late; 0 below that. */
  readonly rank: (actor: string) => number;
  /** Whether the actor used far more than most of those who are about; nobody who is alone has. */
  readonly isHeavy: (actor: string) => boolean;
}

/** Milliseconds in which half of what was used is forgotten. */
const HALF_LIFE = 10_000;
/** Milliseconds for which somebody is about after their last turn. */
const ABOUT = 5_000;
/** Milliseconds: less is not much, whatever others use. */
const LITTLE = 500;
/** Three times what most use is far more. */
const FAR = 3;
/** Milliseconds for which what most use is taken as known. */
const KNOWN = 100;
const RANK_MS = 250;

interface Used {
  milliseconds: number;
  /** When that was reckoned. */
  at: number;
  /** When the last turn ended. */
  seen: number;
  /** Turns that run. */
  running: number;
}

/** `now` gives milliseconds that only go forward. */
export function createUsage(now: () => number = () => performance.now(), processors = availableParallelism()): Usage {
  const actors = new Map<string, Used>();
  const busy = new Set<Used>();
  let turns = 0;
  let known = { most: 0, at: Number.NEGATIVE_INFINITY };
  const reckon = (used: Used): number => {
    const time = now() - used.at;
    if (time > 0) {
      const left = 2 ** (-time / HALF_LIFE);
      // Of what is used meanwhile is forgotten as much, however seldom somebody reckons.
      const using = used.running * Math.min(1, processors / Math.max(1, turns));
      used.milliseconds = used.milliseconds * left + (using * HALF_LIFE * (1 - left)) / Math.LN2;
      used.at += time;
    }
    return used.milliseconds;
  };
  /** Everybody's share is another from now on. */
  const change = (used: Used, more: number): void => {
    for (const other of busy) reckon(other);
    used.running += more;
    turns += more;
    if (used.running > 0) busy.add(used);
    else busy.delete(used);
  };
  const of = (actor: string): number => {
    const used = actors.get(actor);
    return used === undefined ? 0 : reckon(used);
  };
  const most = (): number => {
    if (now() - known.at >= KNOWN) known = { most: middle(), at: now() };
    return known.most;
  };
  /** What the one in the middle of all who are about uses: a few who use everything do not move it. */
  const middle = (): number => {
    const about: number[] = [];
    for (const [actor, used] of actors) {
      const isAbout = used.running > 0 || now() - used.seen < ABOUT;
      const milliseconds = reckon(used);
      if (isAbout) about.push(milliseconds);
      else if (milliseconds < 1) actors.delete(actor);
    }
    return about.toSorted((a, b) => a - b)[Math.floor((about.length - 1) / 2)] ?? 0;
  };
  return {
    begin: (actor) => {
      const used = actors.get(actor) ?? { milliseconds: 0, at: now(), seen: now(), running: 0 };
      actors.set(actor, used);
      reckon(used);
      change(used, 1);
      return () => {
        change(used, -1);
        used.seen = now();
      };
    },
    rank: (actor) => Math.max(0, Math.floor(Math.log2(of(actor) / RANK_MS)) + 1),
    isHeavy: (actor) => {
      const used = of(actor);
      return used > LITTLE && used > FAR * most();
    },
  };
}
