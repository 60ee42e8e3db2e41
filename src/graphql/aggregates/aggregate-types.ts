/** The types of aggregates' answers: results by function and field, groups with typed keys. */
import { loadByKey } from '../batches.ts';
import { builder } from '../builder.ts';
import { connectionTypes } from '../connections.ts';
import { entityReads, entityRef, inWords } from '../entities.ts';
import type { EntityReads, Row } from '../entity.ts';
import { columnField, type RowFields } from '../object-fields.ts';
import { askedColumns, ITSELF } from '../selection.ts';
import { keyOf, numberOf } from '../values.ts';
import { stretchColumn } from './aggregates.ts';
import { BUCKETS, type GroupKey, groupKeysOf } from './group-keys.ts';
import { COUNT, FUNCTIONS, resultsOf } from './measures.ts';
import { endOf, labelOf, type Stretch, startOf } from './time-zone.ts';

const rowType = (name: string) => builder.objectRef<Row>(name);

const itself = (row: Row): Row => row;

/** Of each function that has something to give for the type: what it gives, by field. */
function resultTypes(reads: EntityReads) {
  return FUNCTIONS.flatMap((each) => {
    const results = Object.entries(resultsOf(reads, each));
    if (results.length === 0) return [];
    const ref = rowType(`${reads.type}${each.suffix}`).implement({
      description: `${each.description} By field, over rows of ${inWords(reads)}.`,
      fields: (t) =>
        Object.fromEntries(results.map(([name, { field }]) => [name, columnField(t, field, field.column, itself)])),
    });
    return [{ each, ref }];
  });
}

type Results = ReturnType<typeof resultTypes>;

const results = new Map<string, Results>();

/** Totals and groups share these. */
export function resultsFor(reads: EntityReads): Results {
  const known = results.get(reads.type) ?? resultTypes(reads);
  results.set(reads.type, known);
  return known;
}

const BucketEnum = builder.enumType('DateBucketUnit', {
  description: 'How long a stretch of time is.',
  values: Object.fromEntries(
    BUCKETS.map((bucket) => [bucket.toUpperCase(), { value: bucket, description: `One ${bucket}.` }]),
  ),
});

const DateBucket = builder.objectRef<Stretch>('DateBucket').implement({
  description: 'A stretch of local time that groups have in common. Weeks begin on Monday.',
  fields: (t) => ({
    label: t.string({
      description: 'What people call it: 2025-11-20, 2025-W47, 2025-11, 2025-Q4 or 2025.',
      resolve: labelOf,
    }),
    start: t.field({ type: 'DateTime', description: 'The instant at which it begins.', resolve: startOf }),
    end: t.field({ type: 'DateTime', description: 'The instant at which the next one begins.', resolve: endOf }),
    unit: t.field({ type: BucketEnum, description: 'How long it is.', resolve: ({ bucket }) => bucket }),
    timeZone: t.exposeString('timeZone', { description: 'The time zone whose clocks it is told by.' }),
  }),
});

/** The type of a group, and the connection of groups. */
export function groupTypes(reads: EntityReads) {
  const key = rowType(`${reads.type}GroupKey`).implement({
    description: `What the ${inWords(reads)} of a group have in common. Fields that are not grouped by are null, and so is what the rows of the group lack.`,
    fields: (t) => Object.fromEntries(groupKeysOf(reads).map((one) => [one.name, keyField(t, one)])),
  });
  const group = rowType(`${reads.type}Group`);
  group.implement({
    description: `Those of the ${inWords(reads)} that have one key in common.`,
    fields: (t) => ({
      key: t.field({ type: key, description: 'What they have in common.', resolve: itself }),
      count: t.int({
        description: 'How many they are.',
        resolve: (row) => numberOf(row, COUNT.field.column) ?? 0,
      }),
      ...Object.fromEntries(
        resultsFor(reads).map(({ each, ref }) => [
          each.name,
          t.field({ type: ref, description: each.description, resolve: itself }),
        ]),
      ),
    }),
  });
  return connectionTypes(`${reads.type}Group`, group).connection;
}

function keyField(t: RowFields<Row>, { field, target }: GroupKey) {
  const { column, description } = field;
  if (target !== undefined) return relatedField(t, target, column, description);
  if (field.kind !== 'dateTime') return columnField(t, { ...field, nullable: true }, column, groupedBy(column));
  return t.field({
    type: DateBucket,
    nullable: true,
    description,
    resolve: (row) => stretchOf(row[stretchColumn(column)]),
  });
}

/** A key that was not asked for has no column in the answer. */
const groupedBy =
  (column: string) =>
  (row: Row): Row =>
    row[column] === undefined ? { [column]: null } : row;

function relatedField(t: RowFields<Row>, target: string, column: string, description: string) {
  return t.field({
    type: entityRef(target),
    nullable: true,
    description,
    resolve: (row, _given, context, info) => {
      const key = keyOf(groupedBy(column)(row), column);
      const related = entityReads(target);
      return key === null ? null : loadByKey(context, related, key, askedColumns(related, info, [ITSELF]));
    },
  });
}

function stretchOf(value: unknown): Stretch | null {
  return isStretch(value) ? value : null;
}

const isStretch = (value: unknown): value is Stretch =>
  typeof value === 'object' && value !== null && 'bucket' in value && 'first' in value;
