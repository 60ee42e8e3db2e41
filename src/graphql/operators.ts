/** What can be asked of a field in `where`, by the field's kind: one table for the inputs, the SQL and the documentation. */
import type { FieldKind, FieldReads } from './entity.ts';
import { COMPARISONS } from './operators/comparison.ts';
import { equals, isIn, isNull, notEquals, notIn } from './operators/equality.ts';
import { JSON_OPERATORS } from './operators/json.ts';
import type { Operator } from './operators/operator.ts';
import { TEXT_PARTS } from './operators/text.ts';

const EQUALITY = [equals, notEquals, isIn, notIn, isNull];
const ORDERED = [...EQUALITY, ...COMPARISONS];
const TEXT = [...ORDERED, ...TEXT_PARTS];

const BY_KIND: Record<FieldKind, readonly Operator[]> = {
  id: TEXT,
  text: TEXT,
  enumeration: EQUALITY,
  boolean: EQUALITY,
  // Those of version 7 lie in the order of their time.
  uuid: ORDERED,
  integer: ORDERED,
  bigint: ORDERED,
  float: ORDERED,
  dateTime: ORDERED,
  json: JSON_OPERATORS,
};

/** Searching long text by parts would read all of it; `search` finds words in it by an index. */
const LONG: readonly Operator[] = [isNull];

/** A condition over several values holds by any of them: that one is not among them is said by `not`. */
export const CONDITION_OPERATORS: readonly Operator[] = [equals, isIn];

/** The operators that `where` offers on a field; none when it is not filtered by. */
export function operatorsOf(field: FieldReads): readonly Operator[] {
  if (!field.filter) return [];
  return field.long === true ? LONG : BY_KIND[field.kind];
}
