/** The fixture folder of a dataset: files as people leave them, and what must come of them. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../src/ingest/dataset.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { discover } from '../../src/kernel/discover.ts';

const FIXTURES = join(PROJECT_ROOT, 'test/fixtures/datasets');

export interface Expected {
  readonly counts: {
    readonly read: number;
    readonly inserted: number;
    readonly updated?: number;
    readonly unchanged?: number;
    readonly rejected: number;
    readonly derived?: number;
  };
  /** By key (of a link: its keys joined by a space): the columns that matter; columns left out are not compared. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly rejects?: readonly {
    readonly path: string;
    readonly line: number;
    readonly errors: readonly (readonly [field: string, code: string])[];
  }[];
  readonly skipped?: readonly string[];
  /** `relation owner target`, of mentions that still wait. */
  readonly waiting?: readonly string[];
  /** Rows of other tables, by table: all of them. */
  readonly others?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

export interface Fixture {
  readonly name: string;
  /** Absolute: the folder that is imported. */
  readonly files: string;
  /** Absolute: files of other datasets that are taken in before, or undefined. */
  readonly before: string | undefined;
  readonly expected: Expected;
}

/** Every dataset file of every context, examples too. */
export async function datasetFiles(): Promise<
  { readonly path: string; readonly dataset: Dataset; readonly example: boolean }[]
> {
  const contexts = await readdir(join(PROJECT_ROOT, 'src'));
  const found: { path: string; dataset: Dataset; example: boolean }[] = [];
  for (const context of contexts) {
    const folder = join(PROJECT_ROOT, 'src', context, 'datasets');
    const names: string[] = await readdir(folder).catch(() => []);
    for (const { path, module } of names.length === 0 ? [] : await discover(folder, '.ts'))
      found.push({ path, dataset: module['default'] as Dataset, example: false });
    if (!names.includes('_example.ts')) continue;
    const path = join(folder, '_example.ts');
    const module: { default: Dataset } = await import(path);
    found.push({ path, dataset: module.default, example: true });
  }
  return found;
}

/** @throws when the dataset has no fixture: a dataset without one is not tested. */
export async function readFixture(name: string): Promise<Fixture> {
  const folder = join(FIXTURES, name);
  const expected: Expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
  const before = (await readdir(folder)).includes('before') ? join(folder, 'before') : undefined;
  return { name, files: join(folder, 'files'), before, expected };
}

/** Paths of all files below a folder, `/` between folders. */
export async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/')
        .normalize('NFC'),
    )
    .sort();
}

export { FIXTURES };
