/** Rows made and changed by hand: any number in a fixed number of statements, all of them or none. */
import type { WriteSession } from '../../database/session.ts';
import { editRows, lockRows } from '../../history/edit.ts';
import { AppError } from '../../kernel/errors.ts';
import { type HandMade, lockForHand, settleMade } from '../by-hand.ts';
import type { Registry } from '../registry.ts';
import type { Relation } from '../relations.ts';
import { saidOf } from '../words-of-files.ts';
import { type Checked, type Given, requireComplete, requireKept } from './check.ts';
import { collectFaults, type Faults } from './faults.ts';
import { insertAll } from './insert-rows.ts';
import type { Mutable } from './mutable.ts';
import { requireReferred } from './referred.ts';
import { orRefused } from './refused.ts';

/** What there is to write with: one transaction, and all datasets with their relations. */
export interface HandWrite extends WriteSession {
  readonly registry: Registry;
  readonly relations: readonly Relation[];
}

export type Outcome = 'created' | 'updated' | 'unchanged';

export interface Written {
  readonly key: string;
  readonly outcome: Outcome;
}

/**
 * Makes one row and returns its key.
 * @throws AppError BAD_USER_INPUT, CONFLICT
 */
export async function createRow(write: HandWrite, mutable: Mutable, input: Given): Promise<string> {
  const faults = collectFaults();
  const path = 'input';
  let checked = mutable.check(input, path, faults);
  await lockForHand(write, write.relations, mutable.table, true);
  const { keyColumn, keyRule } = mutable;
  if (keyRule !== undefined && (checked.values[keyColumn] ?? null) === null && !checked.faulty.has(keyColumn)) {
    const key = await keyRule.make(write.query, checked.values);
    checked = { ...checked, values: { ...checked.values, [keyColumn]: key } };
  }
  requireComplete(mutable, checked, path, faults);
  await requireReferred(write.query, mutable, write.relations, [{ checked, path }], faults);
  faults.settle();
  const key = String(checked.values[keyColumn]);
  if ((await lockRows(write.query, mutable, [key])).has(key))
    throw new AppError('CONFLICT', `There is a ${mutable.reads.type} ${key} already`, {
      path: `${path}.${mutable.key.name}`,
      hint: 'Use another key, or update the row that has it.',
    });
  await orRefused(path, () => insertAll(write, mutable, [checked.values]));
  await settleMade(write, write.relations, made(mutable, [key]));
  return key;
}

export interface Update {
  readonly key: string;
  readonly patch: Given;
  readonly ifVersion?: number | null | undefined;
}

/**
 * Changes what the patch names and says whether that changed the row. A patch that changes nothing writes nothing.
 * @throws AppError NOT_FOUND, BAD_USER_INPUT, CONFLICT when the row is at another version
 */
export async function updateRow(write: HandWrite, mutable: Mutable, update: Update): Promise<boolean> {
  const { key, patch, ifVersion } = update;
  const faults = collectFaults();
  const checked = mutable.check(patch, 'patch', faults);
  await lockForHand(write, write.relations, mutable.table, renames(mutable, [checked]));
  requireVersion(mutable, key, (await lockRows(write.query, mutable, [key])).get(key)?.version, ifVersion);
  const changed = await editAll(write, mutable, [key], checked, faults);
  return changed.length > 0;
}

/**
 * Sets the same values on all these rows, which the caller has locked, and returns the keys of those that it changed.
 * @throws AppError BAD_USER_INPUT
 */
export async function editAll(
  write: HandWrite,
  mutable: Mutable,
  keys: readonly string[],
  checked: Checked,
  faults: Faults,
): Promise<string[]> {
  requireKept(mutable, checked, 'patch', faults);
  await requireReferred(write.query, mutable, write.relations, [{ checked, path: 'patch' }], faults);
  faults.settle();
  const before = await namesOf(write, mutable, [checked], keys);
  const said = saidOf(mutable.dataset, `t.${mutable.keyColumn}`);
  const changed = await orRefused('patch', () =>
    editRows(write.query, mutable, { keys, values: checked.values }, said),
  );
  if (before.length > 0) await settleMade(write, write.relations, made(mutable, changed, before));
  return changed;
}

/**
 * Makes the records whose keys are new and changes the others, all or none; the outcomes are in the records' order.
 * @throws AppError BAD_USER_INPUT with the faults of all records, CONFLICT for one that is at another version
 */
export async function upsertRows(
  write: HandWrite,
  mutable: Mutable,
  records: readonly Given[],
): Promise<readonly Written[]> {
  const faults = collectFaults();
  const { keyColumn, key: keyField } = mutable;
  const read = records.map((record, index) => {
    const path = `records.${index}`;
    const checked = mutable.check(record, path, faults);
    return { path, checked, key: checked.values[keyColumn], ifVersion: record['ifVersion'] };
  });
  const keys = read.map(({ key }) => key).filter((key) => typeof key === 'string');
  const places = new Map<unknown, string>();
  for (const { key, path } of read) {
    const earlier = typeof key === 'string' ? places.get(key) : undefined;
    if (earlier !== undefined)
      faults.add(`${path}.${keyField.name}`, 'DUPLICATE_KEY', `${earlier} has the key ${String(key)} already`);
    else places.set(key, path);
  }
  await lockForHand(write, write.relations, mutable.table, true);
  const known = await lockRows(write.query, mutable, keys);
  const isKnown = ({ key }: { key: unknown }): boolean => typeof key === 'string' && known.has(key);
  for (const one of read) (isKnown(one) ? requireKept : requireComplete)(mutable, one.checked, one.path, faults);
  await requireReferred(write.query, mutable, write.relations, read, faults);
  faults.settle();
  for (const { key, path, ifVersion } of read)
    if (typeof ifVersion === 'number')
      requireSeen(mutable, String(key), known.get(String(key))?.version, ifVersion, path);
  const old = read.filter(isKnown).map(({ checked }) => checked);
  const before = await namesOf(write, mutable, old, keys);
  const edited = await orRefused('records', async () => {
    const added = read.filter((one) => !isKnown(one)).map(({ checked }) => checked.values);
    await insertAll(write, mutable, added);
    return editRows(
      write.query,
      mutable,
      { records: old.map(({ values }) => values) },
      saidOf(mutable.dataset, `t.${keyColumn}`),
    );
  });
  const changed = new Set(edited);
  const moved = keys.filter((key) => !known.has(key) || (before.length > 0 && changed.has(key)));
  await settleMade(write, write.relations, made(mutable, moved, before));
  return keys.map((key) => ({
    key,
    outcome: !known.has(key) ? 'created' : changed.has(key) ? 'updated' : 'unchanged',
  }));
}

/** @throws AppError NOT_FOUND, CONFLICT */
export function requireVersion(
  { reads, key: { name } }: Mutable,
  key: string,
  version: number | undefined,
  ifVersion: number | null | undefined,
): void {
  if (version === undefined) throw new AppError('NOT_FOUND', `There is no ${reads.type} ${key}`, { path: name });
  if (ifVersion != null) requireSeen({ reads }, key, version, ifVersion, '');
}

/** @throws AppError CONFLICT where the row is not as its editor saw it */
function requireSeen(
  { reads }: Pick<Mutable, 'reads'>,
  key: string,
  version: number | undefined,
  ifVersion: number,
  path: string,
): void {
  if (ifVersion === version) return;
  const found = version === undefined ? 'is gone' : `is at version ${version}, not ${ifVersion}`;
  throw new AppError('CONFLICT', `${reads.type} ${key} ${found}`, {
    path: path === '' ? 'ifVersion' : `${path}.ifVersion`,
    hint: 'Someone changed it meanwhile: read it again, and send the version that you then see.',
  });
}

/** Whether records give rows other names, by which mentions of other tables may find them. */
export function renames({ named }: Mutable, records: readonly Checked[]): boolean {
  return named && records.some(({ values }) => values['name'] !== undefined);
}

/** The names that rows have before they get others. */
async function namesOf(
  { query }: HandWrite,
  mutable: Mutable,
  records: readonly Checked[],
  keys: readonly string[],
): Promise<string[]> {
  if (!renames(mutable, records)) return [];
  const { table, keyColumn } = mutable;
  const rows = await query<{ name: string }>(
    `names of ${table}`,
    `SELECT DISTINCT t.name FROM ${table} t WHERE t.${keyColumn} = ANY($1::text[]) ORDER BY t.name`,
    [keys],
  );
  return rows.map(({ name }) => name);
}

function made({ table, named }: Mutable, keys: readonly string[], formerNames: readonly string[] = []): HandMade {
  return { table, keys, named, formerNames };
}
