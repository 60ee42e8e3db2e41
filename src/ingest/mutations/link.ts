/** Rows of two types related by hand: the declarations of a table of links. */

import { lockNames } from '../../database/locks.ts';
import { fieldOf } from '../../graphql/entities.ts';
import type { EntityReads, FieldReads } from '../../graphql/entity.ts';
import { makeLink, undoLink } from '../../history/edit-links.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Dataset } from '../dataset.ts';
import { isLinkDataset } from '../relations.ts';
import { type Check, checkOf, type Given } from './check.ts';
import { collectFaults } from './faults.ts';
import { orRefused } from './refused.ts';
import type { HandWrite } from './write-rows.ts';

export interface Link {
  readonly owner: EntityReads;
  readonly target: EntityReads;
  /** What a link itself says, by the API's names. */
  readonly edge: Readonly<Record<string, FieldReads>>;
  readonly table: string;
  readonly columns: readonly [string, string];
  readonly check: Check;
}

/** @throws AppError DECLARATION_INVALID when the dataset holds no links of the two types */
export function linkOf(owner: EntityReads, target: EntityReads, dataset: Dataset): Link {
  const { table } = dataset;
  const [own, other] = dataset.key;
  const relation = Object.values(owner.relations).find((each) => each.kind === 'through' && each.link.table === table);
  if (!isLinkDataset(dataset) || own === undefined || other === undefined || relation?.kind !== 'through')
    throw new AppError(
      'DECLARATION_INVALID',
      `The dataset ${dataset.name} does not link ${owner.type} to ${target.type}`,
    );
  const { edge } = relation;
  const names = [
    { name: owner.key, column: own },
    { name: target.key, column: other },
    ...Object.entries(edge).map(([name, { column }]) => ({ name, column })),
  ];
  return { owner, target, edge, table, columns: [own, other], check: checkOf(dataset, names) };
}

/** The two keys, checked like a file's. */
export interface Ends {
  readonly keys: readonly [string, string];
}

/**
 * Relates two rows, or gives their link other values. Returns their keys and whether anything was written.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function relate(
  write: HandWrite,
  link: Link,
  given: Given,
): Promise<Ends & { readonly changed: boolean }> {
  const { keys, values } = read(link, given);
  // Merges of either table, and of the links, lock this name.
  await lockNames(write.client, [link.table], 'exclusive');
  await requireEnd(write, link.owner, keys[0]);
  await requireEnd(write, link.target, keys[1]);
  const place = { table: link.table, columns: link.columns, keys };
  const changed = await orRefused(link.owner.key, () => makeLink(write.query, place, values));
  return { keys, changed };
}

/** Undoes the link of two rows; `changed` is false where there was none. @throws AppError BAD_USER_INPUT */
export async function unrelate(
  write: HandWrite,
  link: Link,
  given: Given,
  actor: string,
): Promise<Ends & { readonly changed: boolean }> {
  const { keys } = read(link, given);
  await lockNames(write.client, [link.table], 'exclusive');
  return { keys, changed: await undoLink(write.query, actor, { table: link.table, columns: link.columns, keys }) };
}

function read({ check, columns, owner, target }: Link, given: Given) {
  const faults = collectFaults();
  const { values, faulty } = check(given, '', faults);
  const [own, other] = columns;
  const { [own]: ownKey, [other]: otherKey, ...rest } = values;
  for (const [column, key, name] of [
    [own, ownKey, owner.key],
    [other, otherKey, target.key],
  ] as const)
    if (typeof key !== 'string' && !faulty.has(column)) faults.add(name, 'MISSING', `${name} is required`);
  faults.settle();
  return { keys: [String(ownKey), String(otherKey)] as const, values: rest };
}

async function requireEnd({ query }: HandWrite, reads: EntityReads, key: string): Promise<void> {
  const { column } = fieldOf(reads, reads.key);
  const found = await query(`${reads.type} looked up`, `SELECT FROM ${reads.table} WHERE ${column} = $1`, [key]);
  if (found.length === 0) throw new AppError('NOT_FOUND', `There is no ${reads.type} ${key}`, { path: reads.key });
}
