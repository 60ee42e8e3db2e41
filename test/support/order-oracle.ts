/** Orders as JavaScript has them. */
export type Placement = 'ASC' | 'DESC' | 'ASC_NULLS_FIRST' | 'DESC_NULLS_FIRST';

interface Key<Row> {
  readonly placement: Placement;
  readonly key: (row: Row) => string | number | null;
}

/** Compares two rows by each key in turn. */
export function compareBy<Row>(keys: readonly Key<Row>[]): (one: Row, other: Row) => number {
  return (one, other) => {
    for (const { placement, key } of keys) {
      const [left, right] = [key(one), key(other)];
      if (left === right) continue;
      const first = placement.endsWith('NULLS_FIRST') ? -1 : 1;
      if (left === null) return first;
      if (right === null) return -first;
      return (left < right ? -1 : 1) * (placement.startsWith('ASC') ? 1 : -1);
    }
    return 0;
  };
}
