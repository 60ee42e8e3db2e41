/** What can be computed over rows of a declared type: the count, and per field what its kind allows. */
import type { EntityReads, FieldKind, FieldReads } from '../entity.ts';

export type FunctionName = 'countDistinct' | 'sum' | 'avg' | 'min' | 'max';

export interface AggregateFunction {
  readonly name: FunctionName;
  /** What its object of results is called after the type's name. */
  readonly suffix: string;
  readonly description: string;
  /** What it gives for a field of this kind; undefined where it makes no sense. */
  readonly gives: (kind: FieldKind) => Pick<FieldReads, 'kind' | 'nullable'> | undefined;
  readonly sql: (column: string, kind: FieldKind) => string;
}

const isNumber = (kind: FieldKind): boolean => kind === 'integer' || kind === 'bigint' || kind === 'float';
const HAS_EXTREMES: ReadonlySet<FieldKind> = new Set(['id', 'text', 'integer', 'bigint', 'float', 'dateTime']);

const extreme = (kind: FieldKind) => (HAS_EXTREMES.has(kind) ? { kind, nullable: true } : undefined);

export const FUNCTIONS: readonly AggregateFunction[] = [
  {
    name: 'countDistinct',
    suffix: 'CountDistinct',
    description: 'How many different values the field has; rows without one do not count.',
    gives: (kind) => (kind === 'json' ? undefined : { kind: 'integer', nullable: false }),
    sql: (column) => `count(DISTINCT ${column})::integer`,
  },
  {
    name: 'sum',
    suffix: 'Sum',
    description: 'The sum of the field’s values; 0 where no row has one. Of whole numbers it is exact.',
    gives: (kind) => (isNumber(kind) ? { kind: kind === 'float' ? 'float' : 'bigint', nullable: false } : undefined),
    // The database sums 64-bit numbers without bound; a sum that no BigInt holds is refused by the cast, not wrapped.
    sql: (column, kind) => `coalesce(sum(${column}), 0)${kind === 'bigint' ? '::bigint' : ''}`,
  },
  {
    name: 'avg',
    suffix: 'Avg',
    description: 'The mean of the field’s values; null where no row has one.',
    gives: (kind) => (isNumber(kind) ? { kind: 'float', nullable: true } : undefined),
    sql: (column) => `avg(${column})::double precision`,
  },
  {
    name: 'min',
    suffix: 'Min',
    description: 'The least, earliest or alphabetically first value; null where no row has one.',
    gives: extreme,
    sql: (column) => `min(${column})`,
  },
  {
    name: 'max',
    suffix: 'Max',
    description: 'The greatest, latest or alphabetically last value; null where no row has one.',
    gives: extreme,
    sql: (column) => `max(${column})`,
  },
];

/** One computed value: as a field it has a column in the statement's answer, so filters and orders read it as any other. */
export interface Measure {
  /** `count`, or function and field such as `sum.duration`. */
  readonly name: string;
  readonly field: FieldReads;
  /** Over rows of `alias`. */
  readonly sql: (alias: string) => string;
}

export const COUNT: Measure = {
  name: 'count',
  field: column('count', { kind: 'integer', nullable: false }, 'How many rows there are.'),
  sql: () => 'count(*)::integer',
};

/** Fields that lists are ordered by are short: these can be measured and grouped by, JSON and long text cannot. */
export const measuredFields = (reads: EntityReads): readonly (readonly [string, FieldReads])[] =>
  Object.entries(reads.fields).filter(([, field]) => field.order);

const known = new WeakMap<EntityReads, ReadonlyMap<string, Measure>>();

/** Every measure of a type by its name. */
export function measuresOf(reads: EntityReads): ReadonlyMap<string, Measure> {
  const made = known.get(reads) ?? new Map([COUNT, ...fieldMeasures(reads)].map((measure) => [measure.name, measure]));
  known.set(reads, made);
  return made;
}

const fieldMeasures = (reads: EntityReads): Measure[] =>
  FUNCTIONS.flatMap((each) => Object.values(resultsOf(reads, each)));

/** What a function gives for each field of a type that it can be asked of, by the field's name. */
export function resultsOf(reads: EntityReads, each: AggregateFunction): Readonly<Record<string, Measure>> {
  return Object.fromEntries(
    measuredFields(reads).flatMap(([name, field]) => {
      const gives = each.gives(field.kind);
      if (gives === undefined) return [];
      const measure: Measure = {
        name: `${each.name}.${name}`,
        field: column(`${each.name.toLowerCase()}_${field.column}`, gives, field.description),
        sql: (alias) => each.sql(`${alias}.${field.column}`, field.kind),
      };
      return [[name, measure]];
    }),
  );
}

function column(name: string, type: Pick<FieldReads, 'kind' | 'nullable'>, description: string): FieldReads {
  return { ...type, column: name, description, filter: true, order: true };
}
