/** By what rows of a declared type can be grouped: short fields, rows that they refer to or are linked with, and stretches of time. */
import { AppError } from '../../kernel/errors.ts';
import { entityReads, fieldOf } from '../entities.ts';
import type { EntityReads, FieldReads, ThroughRelation } from '../entity.ts';
import { measuredFields } from './measures.ts';

/** How long the stretches of time are. */
export const BUCKETS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** One field of a group's key. */
export interface GroupKey {
  /** Its name there: the field's or the relation's. */
  readonly name: string;
  /** Of a row that is referred to: its type. */
  readonly target?: string;
  /** Of a row that is linked with: by which links. */
  readonly link?: ThroughRelation['link'];
  /** The field of the type whose values these are, as read in the answer. */
  readonly field: FieldReads;
  /** The column whose values these are. */
  readonly column: string;
}

/** A key as it is asked for. */
export interface Grouping {
  readonly key: GroupKey;
  readonly bucket?: Bucket;
}

/** Three say more than a chart can show; each more multiplies the groups. */
export const MOST_KEYS = 3;

/** Floats are equal by accident only, and a key makes a group of each row. */
const UNGROUPED: ReadonlySet<string> = new Set(['float', 'json', 'bigint']);

/** The keys of a type, those of related rows first. Asked for when the schema is built, since types name each other. */
export function groupKeysOf(reads: EntityReads): GroupKey[] {
  const relations = Object.entries(reads.relations).flatMap(([name, relation]): GroupKey[] => {
    if (relation.kind === 'many') return [];
    const { target, description } = relation;
    if (relation.kind === 'one') {
      const { column } = relation;
      return [{ name, target, column, field: relatedField(target, column, description) }];
    }
    const { link } = relation;
    const one = singular(reads, name, target);
    return [{ name: one, target, link, column: link.other, field: relatedField(target, one, description) }];
  });
  const fields = measuredFields(reads).flatMap(([name, field]): GroupKey[] =>
    name === reads.key || UNGROUPED.has(field.kind)
      ? []
      : [{ name, column: field.column, field: { ...field, column: keyAlias(field.column), nullable: true } }],
  );
  return [...relations, ...fields];
}

const keyAlias = (name: string): string => `key_${name.toLowerCase()}`;

/** A group of a list's rows has one of them as its key: `influencers` are grouped by `influencer`. */
function singular(reads: EntityReads, name: string, target: string): string {
  const one = target.charAt(0).toLowerCase() + target.slice(1);
  return reads.fields[one] === undefined && reads.relations[one] === undefined ? one : name;
}

function relatedField(target: string, name: string, description: string): FieldReads {
  const { kind } = fieldOf(entityReads(target), entityReads(target).key);
  return { column: keyAlias(name), kind, nullable: true, description, filter: true, order: true };
}

const known = new WeakMap<EntityReads, ReadonlyMap<string, Grouping>>();

/** What `by` takes, by the value's name: `STATUS`, `CHANNEL`, `CREATED_DATE_MONTH`. */
export function groupingsOf(reads: EntityReads): ReadonlyMap<string, Grouping> {
  const made = known.get(reads) ?? new Map(groupings(groupKeysOf(reads)));
  known.set(reads, made);
  return made;
}

function groupings(keys: readonly GroupKey[]): [string, Grouping][] {
  const related = new Set(keys.flatMap(({ target, link, column }) => (target && !link ? [column] : [])));
  return keys.flatMap((key): [string, Grouping][] => {
    const value = key.name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    if (key.field.kind === 'dateTime') {
      return BUCKETS.map((bucket) => [`${value}_${bucket.toUpperCase()}`, { key, bucket }]);
    }
    // A column that names a related row is grouped by as that row.
    return key.target === undefined && related.has(key.column) ? [] : [[value, { key }]];
  });
}

/**
 * The keys that `by` asks for.
 * @throws AppError BAD_USER_INPUT for none, too many, or one field twice
 */
export function readGroupings(reads: EntityReads, by: readonly string[]): readonly Grouping[] {
  if (by.length === 0 || by.length > MOST_KEYS) throw badKeys(`\`by\` takes 1 to ${MOST_KEYS} keys`);
  const asked = by.map((value) => groupingsOf(reads).get(value));
  const found = asked.filter((grouping) => grouping !== undefined);
  if (found.length < asked.length) throw badKeys('`by` names a key that does not exist');
  if (new Set(found.map(({ key }) => key.name)).size < found.length) throw badKeys('`by` names a field twice');
  if (found.filter(({ key }) => key.link !== undefined).length > 1) {
    throw badKeys('`by` takes one kind of linked rows at most');
  }
  return found;
}

const badKeys = (message: string): AppError =>
  new AppError('BAD_USER_INPUT', message, {
    path: 'by',
    hint: 'Such as by: [STATUS] or by: [CREATED_DATE_MONTH, STATUS].',
  });
