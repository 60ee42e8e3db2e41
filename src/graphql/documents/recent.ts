/** A map that forgets what was not used for longest, so that whoever sends ever new keys fills no memory. */
export interface Recent<Value> {
  readonly get: (key: string) => Value | undefined;
  readonly set: (key: string, value: Value) => void;
  readonly delete: (key: string) => void;
  readonly size: () => number;
}

/** Keeps `most` values. */
export function createRecent<Value>(most: number): Recent<Value> {
  // A Map keeps the order in which keys were set: the first is the one to forget.
  const values = new Map<string, Value>();
  return {
    get: (key) => {
      const value = values.get(key);
      if (value === undefined) return undefined;
      values.delete(key);
      values.set(key, value);
      return value;
    },
    set: (key, value) => {
      values.delete(key);
      values.set(key, value);
      const [oldest] = values.keys();
      if (values.size > most && oldest !== undefined) values.delete(oldest);
    },
    delete: (key) => void values.delete(key),
    size: () => values.size,
  };
}
