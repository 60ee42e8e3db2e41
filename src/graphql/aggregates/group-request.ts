/** What `groups` is asked for, checked and in the words of lists: a group is a row with its key and its measures as fields. */
import { AppError } from '../../kernel/errors.ts';
import type { EntityReads, FieldReads } from '../entity.ts';
import { type OrderKey, readOrder } from '../ordering.ts';
import type { PageArguments } from '../page.ts';
import type { GroupRequest } from './aggregate-sql.ts';
import { type Grouping, readGroupings } from './group-keys.ts';
import { COUNT, FUNCTIONS, type Measure, measuresOf } from './measures.ts';
import { readTimeZone } from './time-zone.ts';

export interface GroupArguments extends PageArguments {
  readonly by: readonly string[];
  readonly timeZone?: string | null | undefined;
  readonly having?: object | null | undefined;
  readonly orderBy?: readonly object[] | null | undefined;
}

export interface ReadGroups {
  /** As asked for at a place of the document, where `measures` are wanted. */
  readonly request: GroupRequest;
  readonly order: readonly OrderKey[];
}

const keyName = ({ key }: Grouping): string => `key.${key.name}`;

/**
 * The arguments checked. `asked` are the measures that the document shows; those that it filters and orders by are added.
 * @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export function readGroups(reads: EntityReads, given: GroupArguments, asked: readonly Measure[]): ReadGroups {
  const groupings = readGroupings(reads, given.by);
  const timeZone = readTimeZone(given.timeZone);
  const groups = groupReads(reads, groupings);
  const having = given.having == null ? undefined : flatHaving(given.having);
  const orderBy = (given.orderBy ?? []).map(flatOrder);
  const order = totalOrder(groups, groupings, orderBy);
  const measures = measuresOf(reads);
  const named = (names: readonly string[]): Measure[] => names.flatMap((name) => measures.get(name) ?? []);
  const filtered = unique(named(namesOf(having)));
  const wanted = unique([...asked, ...filtered, ...named(order.map(({ name }) => name))]);
  return { request: { groupings, measures: wanted, timeZone, groups, having, filtered }, order };
}

/** In the order of the names, so that equal questions are equal SQL. */
const unique = (measures: readonly Measure[]): Measure[] =>
  [...new Set(measures)].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Groups as rows, so that the filters and orders of lists serve them as well. */
function groupReads(reads: EntityReads, groupings: readonly Grouping[]): EntityReads {
  const keys = groupings.map((grouping): [string, FieldReads] => [keyName(grouping), grouping.key.field]);
  const measures = [...measuresOf(reads)].map(([name, { field }]): [string, FieldReads] => [name, field]);
  const [[key] = [COUNT.name]] = keys;
  return {
    type: `${reads.type}Group`,
    scope: reads.scope,
    plural: 'groups',
    table: reads.table,
    key,
    description: reads.description,
    fields: Object.fromEntries([...keys, ...measures]),
    relations: {},
    order: keys.map(([name]) => [name, 'ASC']),
  };
}

/** No two groups have the same key, so with all of the key last the order is total. */
function totalOrder(groups: EntityReads, groupings: readonly Grouping[], orderBy: readonly object[]): OrderKey[] {
  for (const name of orderBy.flatMap((entry) => Object.keys(entry))) {
    if (groups.fields[name] !== undefined) continue;
    throw new AppError('BAD_USER_INPUT', `\`orderBy\` names ${name}, which is not in \`by\``, { path: 'orderBy' });
  }
  const order = readOrder(groups, orderBy);
  const placed = new Set(order.map(({ name }) => name));
  const rest = groupings.map(keyName).filter((name) => !placed.has(name));
  return [...order, ...rest.flatMap((name) => readOrder({ ...groups, key: name }, [{ [name]: 'ASC' }]))];
}

const NESTED = new Set<string>(['key', ...FUNCTIONS.map(({ name }) => name)]);

/** `{ sum: { duration: DESC } }` as `{ 'sum.duration': DESC }`. */
const flatOrder = (entry: object): object => Object.fromEntries(Object.entries(entry).flatMap(flatEntry));

function flatEntry([name, value]: [string, unknown]): [string, unknown][] {
  if (!NESTED.has(name) || value === undefined) return [[name, value]];
  if (typeof value !== 'object' || value === null) {
    throw new AppError('BAD_USER_INPUT', `\`${name}\` names a field`, { hint: `Such as ${name}: { … }.` });
  }
  return Object.entries(value).map(([field, inner]) => [`${name}.${field}`, inner]);
}

/** The same for conditions, within `and`, `or` and `not`, too. */
function flatHaving(given: object): object {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
      if ((name === 'and' || name === 'or') && Array.isArray(value)) return [[name, value.map(flatPart)]];
      return name === 'not' ? [[name, flatPart(value)]] : flatEntry([name, value]);
    }),
  );
}

const flatPart = (part: unknown): unknown => (typeof part === 'object' && part !== null ? flatHaving(part) : part);

/** The measures that conditions name. */
function namesOf(having: unknown): string[] {
  if (Array.isArray(having)) return having.flatMap(namesOf);
  if (typeof having !== 'object' || having === null) return [];
  return Object.entries(having).flatMap(([name, value]) =>
    name === 'and' || name === 'or' || name === 'not' ? namesOf(value) : [name],
  );
}
