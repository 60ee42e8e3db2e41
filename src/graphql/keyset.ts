/** SQL of an order: ORDER BY, and the condition that continues a list at a place. */
import type { CursorValue } from './cursor.ts';
import type { Direction } from './entity.ts';
import type { OrderKey } from './ordering.ts';
import type { Params } from './params.ts';
import { SQL_TYPE } from './values.ts';

/** The same list from its end. */
const reversed: Record<Direction, Direction> = { ASC: 'DESC', DESC: 'ASC' };

/**
 * ORDER BY of the list, or of the list read from its end. NULLs are placed only where there may be some: an index on a
 * column without NULLs serves no order that mentions them.
 */
export function orderSql(order: readonly OrderKey[], alias: string, backwards: boolean): string {
  return order
    .map(({ column, nullable, direction, nullsFirst }) => {
      const nulls = nullable ? ` NULLS ${nullsFirst === backwards ? 'LAST' : 'FIRST'}` : '';
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
    if (index === 0) bounds.push(...boundSql(key, column, param, value === null, side));
    equals.push(value === null ? `${column} IS NULL` : `${column} = ${param}`);
  });
  if (alternatives.length === 0) return 'false';
  return [...bounds, `(${alternatives.map((alternative) => `(${alternative})`).join(' OR ')})`].join(' AND ');
}

/** Where the rows beyond the place can only lie, as an index on the column alone understands it. */
function boundSql(key: OrderKey, column: string, param: string, isNull: boolean, side: 'after' | 'before'): string[] {
  if (nullsBeyond(key, side)) return isNull ? [`${column} IS NULL`] : [];
  return isNull ? [] : [`${column} ${isGreater(key, side) ? '>=' : '<='} ${param}`];
}

const isGreater = ({ direction }: OrderKey, side: 'after' | 'before'): boolean =>
  (direction === 'ASC') === (side === 'after');

/** NULLs stand beyond every value on one side, and before every value on the other. */
function beyondOne(
  key: OrderKey,
  column: string,
  param: string,
  isNull: boolean,
  side: 'after' | 'before',
): string | undefined {
  if (isNull) return nullsBeyond(key, side) ? undefined : `${column} IS NOT NULL`;
  const compared = `${column} ${isGreater(key, side) ? '>' : '<'} ${param}`;
  return nullsBeyond(key, side) ? `(${compared} OR ${column} IS NULL)` : compared;
}

const nullsBeyond = ({ nullable, nullsFirst }: OrderKey, side: 'after' | 'before'): boolean =>
  nullable && (side === 'before') === nullsFirst;
