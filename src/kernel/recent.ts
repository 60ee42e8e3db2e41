/** A map that forgets what was not used for longest, so that whoever sends ever new keys fills no memory. */
export interface Recent<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  readonly size: () => number;
}

/** Keeps values that weigh `most` together, each one if nothing else is said; what weighs more than that alone is not kept. */
export function createRecent<Value>(most: number, weightOf: (key: string) => number = () => 1): Recent<Value> {
  // A Map keeps the order in which keys were set: the first is the one to forget.
  const values = new Map<string, Value>();
  let weight = 0;
  const forget = (key: string): void => {
    if (values.delete(key)) weight -= weightOf(key);
  };
  return {
    get: (key) => {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set: (key, value) => {
      forget(key);
      const own = weightOf(key);
      if (own > most) return;
      values.set(key, value);
      weight += own;
      for (const [oldest] of values) {
        if (weight <= most) return;
        forget(oldest);
      }
    },
    delete: forget,
    size: () => values.size,
  };
}
