/** The datasets of all contexts, found by folder, and the relations that their fields imply. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover, requireDefault, requireUnique } from '../kernel/discover.ts';
import { AppError } from '../kernel/errors.ts';
import type { Dataset } from './dataset.ts';
import { type Relation, relationsOf } from './relations.ts';

export interface Registry {
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly relations: readonly Relation[];
  /** The context, by dataset: the folder that declares it. */
  readonly contexts: ReadonlyMap<string, string>;
  /** The contexts whose datasets may be imported into; all of them unless given. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Loads every dataset file of every context.
 * @throws AppError DECLARATION_INVALID with the file's path: a wrong export, a name used twice, a key without a field.
 */
export async function loadRegistry(source: string = join(PROJECT_ROOT, 'src')): Promise<Registry> {
  const declared: { name: string; path: string; context: string; dataset: Dataset }[] = [];
  const folders = await readdir(source, { withFileTypes: true });
  for (const folder of folders.filter((entry) => entry.isDirectory())) {
    const datasets = join(source, folder.name, 'datasets');
    if (!existsSync(datasets)) continue;
    for (const found of await discover(datasets, '.ts')) {
      const dataset = requireDefault(found, isDataset, 'a dataset made by defineDataset()');
      requireSound(dataset, found.path);
      declared.push({ name: dataset.name, path: found.path, context: folder.name, dataset });
    }
  }
  requireUnique(declared, 'dataset');
  const contexts = new Map(declared.map(({ name, context }) => [name, context]));
  return registryOf(
    declared.map(({ dataset }) => dataset),
    contexts,
  );
}

/** A registry of given datasets: what tests and the conformance suite use. */
export function registryOf(datasets: readonly Dataset[], contexts: ReadonlyMap<string, string> = new Map()): Registry {
  return {
    datasets: new Map(datasets.map((dataset) => [dataset.name, dataset])),
    relations: relationsOf(datasets),
    contexts,
  };
}

/** Key columns of a table that a dataset fills. */
export function keyOfTable(registry: Registry, table: string): readonly string[] {
  for (const dataset of registry.datasets.values()) if (dataset.table === table) return dataset.key;
  throw new AppError('DECLARATION_INVALID', `No dataset declares the table "${table}"`, {
    hint: 'A derived row or a reference needs a dataset for its table: it says what the key is.',
  });
}

function isDataset(value: unknown): value is Dataset {
  return typeof value === 'object' && value !== null && 'name' in value && 'table' in value && 'fields' in value;
}

function requireSound(dataset: Dataset, path: string): void {
  const missing = dataset.key.filter((column) => dataset.fields[column] === undefined);
  const loose = dataset.rest === undefined ? Object.keys(dataset.fields).filter((name) => name.includes('.')) : [];
  if (missing.length === 0 && loose.length === 0 && dataset.key.length > 0) return;
  throw new AppError(
    'DECLARATION_INVALID',
    `${path}: ${[...missing.map((name) => `key column ${name} has no field`), ...loose.map((name) => `${name} has no column to go to`)].join(', ') || 'no key'}`,
    { path, hint: 'Each key column is a field; a field `metadata.x` needs `rest: "metadata"`.' },
  );
}
