/** Parameters of one statement, numbered as they are added. Values never become part of SQL text. */
export interface Params {
  readonly values: readonly unknown[];
  /** Adds a value and returns its place as SQL, cast to `type`. */
  readonly add: (value: unknown, type: string) => string;
}

/** Begins with the values that stand at $1, $2, … already. */
export function createParams(...first: readonly unknown[]): Params {
  const values = [...first];
  return {
    values,
    add: (value, type) => {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}
