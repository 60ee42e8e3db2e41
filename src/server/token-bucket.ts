/** Token buckets: each key may spend so much at once, and gets it back at a steady rate. */
import type { Clock } from '../kernel/clock.ts';

export interface BucketOptions {
  /** What a key has that spent nothing for a while. */
  readonly capacity: number;
  /** What flows back in a minute. */
  readonly perMinute: number;
  readonly clock: Clock;
}

export interface Balance {
  readonly isTaken: boolean;
  /** Whole points left; none where a debt was made. */
  readonly remaining: number;
  /** Milliseconds until what was refused can be taken, or until the bucket is full again. */
  readonly wait: number;
}

export interface TokenBuckets {
  /**
   * Takes points if they are there. More than a bucket holds is taken from a full one, which then owes the rest. `paid` is
   * what has been taken for the same purpose before: who is refused will have to pay it again.
   */
  readonly take: (key: string, points: number, paid?: number) => Balance;
  /** Takes points for what has been done already, whether they are there or not. */
  readonly owe: (key: string, points: number) => Balance;
}

interface Bucket {
  points: number;
  at: number;
}

/** Who asks from ever new addresses makes a bucket with each; a forgotten one is a full one. */
const MOST_BUCKETS = 10_000;

export function createTokenBuckets({ capacity, perMinute, clock }: BucketOptions): TokenBuckets {
  const buckets = new Map<string, Bucket>();
  const perMs = perMinute / 60_000;
  const bucketOf = (key: string): Bucket => {
    const now = clock().getTime();
    const { points, at } = buckets.get(key) ?? { points: capacity, at: now };
    const bucket = { points: Math.min(capacity, points + Math.max(now - at, 0) * perMs), at: now };
    // Put last: the first of the map is the one not seen for the longest time.
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > MOST_BUCKETS) for (const oldest of buckets.keys()) return forget(oldest, bucket);
    return bucket;
  };
  const forget = (key: string, bucket: Bucket): Bucket => {
    buckets.delete(key);
    return bucket;
  };
  const spend = (bucket: Bucket, points: number): Balance => {
    bucket.points -= points;
    const remaining = Math.max(Math.floor(bucket.points), 0);
    return { isTaken: true, remaining, wait: Math.ceil((capacity - bucket.points) / perMs) };
  };
  return {
    take: (key, points, paid = 0) => {
      const bucket = bucketOf(key);
      if (Math.min(points, capacity) <= bucket.points) return spend(bucket, points);
      const missing = Math.min(points + paid, capacity) - bucket.points;
      return {
        isTaken: false,
        remaining: Math.max(Math.floor(bucket.points), 0),
        wait: Math.ceil(missing / perMs),
      };
    },
    owe: (key, points) => spend(bucketOf(key), points),
  };
}
