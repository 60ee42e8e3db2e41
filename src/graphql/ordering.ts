/** Orders of lists: `orderBy: [{ createdDate: DESC }]` to the keys by which its rows are placed. */
import { AppError } from '../kernel/errors.ts';
import { entityReads, fieldOf, keyColumn } from './entities.ts';
import type { Direction, EntityReads, FieldKind, RelationReads } from './entity.ts';
import { countOf, type Derived, type Hop } from './order-derived.ts';

/** One key of an order. The last of a list is always the row's own key, so that no two rows share a place. */
export interface OrderKey {
  /** What it is asked by, such as `title`, `channel.name` or `videos.count`. */
  readonly name: string;
  /** Under this name a row of the list has its value. */
  readonly column: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly direction: Direction;
  /** What is absent comes last unless asked otherwise. */
  readonly nullsFirst: boolean;
  /** How it is found where it is no column of the list's own table. */
  readonly derived?: Derived;
}

/** What `orderBy` may say of a key. */
export const DIRECTIONS = {
  ASC: { direction: 'ASC', nullsFirst: false },
  DESC: { direction: 'DESC', nullsFirst: false },
  ASC_NULLS_FIRST: { direction: 'ASC', nullsFirst: true },
  DESC_NULLS_FIRST: { direction: 'DESC', nullsFirst: true },
} as const satisfies Record<string, Pick<OrderKey, 'direction' | 'nullsFirst'>>;
export type Placement = keyof typeof DIRECTIONS;

const isPlacement = (value: unknown): value is Placement =>
  typeof value === 'string' && Object.hasOwn(DIRECTIONS, value);

export const MOST_KEYS = 5;
/** Each is one more table to look into for every row. */
const MOST_HOPS = 3;

/** One entry of `orderBy`, read: what it leads through and where it ends. */
interface Entry {
  readonly name: string;
  readonly placement: Placement;
  readonly hops: readonly Hop[];
  readonly end: Pick<OrderKey, 'kind' | 'nullable' | 'column'> | Extract<Derived['end'], { kind: 'count' }>;
}

/**
 * The order asked for, or the type's own, with the key last.
 * @throws AppError BAD_USER_INPUT when an entry names not exactly one field, or one twice
 */
export function readOrder(reads: EntityReads, orderBy: readonly object[] | null | undefined): OrderKey[] {
  const entries = orderBy?.length
    ? orderBy.map((entry) => readEntry(reads, entry, [], []))
    : reads.order.map(([name, placement]) => fieldEntry(reads, name, placement, [], []));
  if (entries.length > MOST_KEYS) throw badOrder(`\`orderBy\` takes ${MOST_KEYS} fields at most`);
  const names = entries.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw badOrder('`orderBy` names a field twice');
  if (!names.includes(reads.key)) entries.push(fieldEntry(reads, reads.key, 'ASC', [], []));
  return entries.map(orderKey);
}

/** Compiled executors do not enforce one field per entry, so it is checked here. */
function readEntry(reads: EntityReads, entry: unknown, before: readonly string[], hops: readonly Hop[]): Entry {
  const given = typeof entry === 'object' && entry !== null ? Object.entries(entry) : [];
  const [first, ...more] = given.filter(([, value]) => value !== undefined);
  if (first === undefined || more.length > 0) throw badOrder('Each entry of `orderBy` names exactly one field');
  const [name, value] = first;
  const relation = reads.relations[name];
  if (relation !== undefined) return relatedEntry(reads, relation, value, [...before, name], hops);
  if (isPlacement(value)) return fieldEntry(reads, name, value, before, hops);
  throw badOrder(`\`orderBy\` places ${name} by ${Object.keys(DIRECTIONS).join(', ')}`);
}

function fieldEntry(
  reads: EntityReads,
  name: string,
  placement: Placement,
  before: readonly string[],
  hops: readonly Hop[],
): Entry {
  const { column, kind, nullable } = fieldOf(reads, name);
  return { name: [...before, name].join('.'), placement, hops, end: { column, kind, nullable } };
}

function relatedEntry(
  reads: EntityReads,
  relation: RelationReads,
  value: unknown,
  path: readonly string[],
  hops: readonly Hop[],
): Entry {
  if (relation.kind === 'one') {
    if (hops.length === MOST_HOPS) {
      throw new AppError('LIMIT_EXCEEDED', `\`orderBy\` leads over ${MOST_HOPS} rows at most`, { path: 'orderBy' });
    }
    const target = entityReads(relation.target);
    const hop = { table: target.table, key: keyColumn(target), from: relation.column };
    return readEntry(target, value, path, [...hops, hop]);
  }
  const count: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'count') : undefined;
  if (!isPlacement(count)) throw badOrder(`A list such as ${path.join('.')} is ordered by its count`);
  return { name: [...path, 'count'].join('.'), placement: count, hops, end: countOf(reads, relation) };
}

/** The column under which a derived value stands beside those of the row; no table has one of this name. */
const derivedColumn = (index: number): string => `_order_${index}`;

function orderKey({ name, placement, hops, end }: Entry, index: number): OrderKey {
  const { direction, nullsFirst } = DIRECTIONS[placement];
  const isCount = end.kind === 'count';
  const nullable = hops.length > 0 || (!isCount && end.nullable);
  const key = { name, direction, nullable, nullsFirst: nullable && nullsFirst };
  if (isCount) return { ...key, column: derivedColumn(index), kind: 'bigint', derived: { hops, end } };
  const { column, kind } = end;
  if (hops.length === 0) return { ...key, column, kind };
  return { ...key, column: derivedColumn(index), kind, derived: { hops, end: { kind: 'column', column } } };
}

/** Whether an index of the type's table holds its rows in the order of this key: others are sorted. */
export function isIndexed(reads: EntityReads, key: OrderKey | undefined): boolean {
  if (key === undefined || key.derived !== undefined) return false;
  if (key.name === reads.key) return true;
  const held = reads.indexed?.[key.name];
  // Read from its end, an index that puts NULLs last puts them first.
  return held !== undefined && (!key.nullable || (key.direction === held) !== key.nullsFirst);
}

const badOrder = (message: string): AppError =>
  new AppError('BAD_USER_INPUT', message, {
    path: 'orderBy',
    hint: 'Such as orderBy: [{ status: ASC }, { createdDate: DESC }].',
  });
