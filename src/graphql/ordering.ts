/** Orders of lists: `orderBy: [{ createdDate: DESC }]` to ORDER BY and to the predicate that continues after a row. */
import { AppError } from '../kernel/errors.ts';
import { builder } from './builder.ts';
import type { CursorValue } from './cursor.ts';
import { fieldOf } from './entities.ts';
import type { Direction, EntityReads, FieldKind } from './entity.ts';
import type { Params } from './params.ts';
import { SQL_TYPE } from './values.ts';

/** One column of an order. The last of a list is always the key, so that no two rows share a place. */
export interface OrderKey {
  /** The field's name. */
  readonly name: string;
  readonly column: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly direction: Direction;
}

const MOST_KEYS = 5;

const DirectionEnum = builder.enumType('Direction', {
  description: 'Which way a list is ordered. What is absent comes last either way.',
  values: {
    ASC: { value: 'ASC', description: 'Smallest, earliest or alphabetically first comes first.' },
    DESC: { value: 'DESC', description: 'Largest, latest or alphabetically last comes first.' },
  } as const,
});

/** The input type of a type's `orderBy`: one field each. */
export function orderInput(reads: EntityReads) {
  return builder.inputType(`${reads.type}Order`, {
    description: `An order of ${reads.plural}: one field each; the list's next entry decides between equals.`,
    isOneOf: true,
    fields: (t) =>
      Object.fromEntries(
        Object.entries(reads.fields)
          .filter(([, field]) => field.order)
          .map(([name, field]) => [name, t.field({ type: DirectionEnum, description: field.description })]),
      ),
  });
}

/**
 * The order asked for, or the type's own, with the key last.
 * @throws AppError BAD_USER_INPUT when an entry names not exactly one field, or one twice
 */
export function readOrder(reads: EntityReads, orderBy: readonly object[] | null | undefined): OrderKey[] {
  const asked = orderBy?.length ? orderBy.map(readEntry) : reads.order;
  if (asked.length > MOST_KEYS) throw badOrder(`\`orderBy\` takes ${MOST_KEYS} fields at most`);
  const names = asked.map(([name]) => name);
  if (new Set(names).size !== names.length) throw badOrder('`orderBy` names a field twice');
  const keys = asked.map(([name, direction]) => orderKey(reads, name, direction));
  return names.includes(reads.key) ? keys : [...keys, orderKey(reads, reads.key, 'ASC')];
}

function orderKey(reads: EntityReads, name: string, direction: Direction): OrderKey {
  const { column, kind, nullable } = fieldOf(reads, name);
  return { name, column, kind, nullable, direction };
}

/** Compiled executors do not enforce one field per entry, so it is checked here. */
function readEntry(entry: object): readonly [string, Direction] {
  const given = Object.entries(entry).filter(([, direction]) => direction !== undefined);
  const [name, direction] = given[0] ?? [];
  if (given.length === 1 && name !== undefined && (direction === 'ASC' || direction === 'DESC'))
    return [name, direction];
  throw badOrder('Each entry of `orderBy` names exactly one field');
}

const badOrder = (message: string): AppError =>
  new AppError('BAD_USER_INPUT', message, {
    path: 'orderBy',
    hint: 'Such as orderBy: [{ status: ASC }, { createdDate: DESC }].',
  });

/** The same list from its end. */
const reversed: Record<Direction, Direction> = { ASC: 'DESC', DESC: 'ASC' };

/**
 * ORDER BY of the list, or of the list read from its end. NULLs are placed only where there may be some: an index on a
 * column without NULLs serves no order that mentions them.
 */
export function orderSql(order: readonly OrderKey[], alias: string, backwards: boolean): string {
  return order
    .map(({ column, nullable, direction }) => {
      const nulls = nullable ? ` NULLS ${backwards ? 'FIRST' : 'LAST'}` : '';
      return `${alias}.${column} ${backwards ? reversed[direction] : direction}${nulls}`;
    })
    .join(', ');
}

/** The condition that a row stands after (or before) the place that `values` mark. */
export function beyondSql(
  order: readonly OrderKey[],
  values: readonly CursorValue[],
  alias: string,
  side: 'after' | 'before',
  params: Params,
): string {
  const alternatives: string[] = [];
  const equals: string[] = [];
  const bounds: string[] = [];
  order.forEach((key, index) => {
    const value = values[index] ?? null;
    const column = `${alias}.${key.column}`;
    const param = value === null ? 'NULL' : params.add(value, SQL_TYPE[key.kind]);
    const beyond = beyondOne(key, column, param, value === null, side);
    if (beyond !== undefined) alternatives.push([...equals, beyond].join(' AND '));
    // The alternatives say the same, but only a plain bound on the first column lets an index start at the place.
    if (index === 0 && !key.nullable) bounds.push(`${column} ${isGreater(key, side) ? '>=' : '<='} ${param}`);
    equals.push(value === null ? `${column} IS NULL` : `${column} = ${param}`);
  });
  if (alternatives.length === 0) return 'false';
  return [...bounds, `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`].join(' AND ');
}

const isGreater = ({ direction }: OrderKey, side: 'after' | 'before'): boolean =>
  (direction === 'ASC') === (side === 'after');

/** NULLs stand last in both directions: nothing is after them, everything else is before. */
function beyondOne(
  key: OrderKey,
  column: string,
  param: string,
  isNull: boolean,
  side: 'after' | 'before',
): string | undefined {
  if (isNull) return side === 'after' ? undefined : `${column} IS NOT NULL`;
  const compared = `${column} ${isGreater(key, side) ? '>' : '<'} ${param}`;
  return key.nullable && side === 'after' ? `(${compared} OR ${column} IS NULL)` : compared;
}
