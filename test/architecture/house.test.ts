/** The house rules that a reader cannot see in one file: which way imports point, how large files are, what they are called. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

const SRC = join(PROJECT_ROOT, 'src');

/** From the bottom up: a file imports from its own layer and those before it. Folders of one layer do not know each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['kernel'],
  ['outbound'],
  ['database'],
  ['graphql', 'http'],
  ['rest'],
  ['access'],
  ['history'],
  ['files'],
  ['backup'],
  ['jobs'],
  ['ingest'],
  ['research', 'library', 'people', 'market', 'sources'],
  ['search'],
  ['invariants'],
  ['exports'],
  ['server'],
  ['cli'],
  ['compose.ts'],
  ['main.ts'],
];

/** The dashboard is browser code and talks to the server through the API alone. */
const APART = new Set(['dashboard']);

interface SourceFile {
  /** From src, such as `graphql/builder.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly string[];
}

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

async function readSource(): Promise<SourceFile[]> {
  const entries = await readdir(SRC, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/generated/'))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(path, 'utf8');
      const imports = [...text.matchAll(IMPORT)].map(([, target]) =>
        relative(SRC, resolve(dirname(path), target ?? '')),
      );
      return { path: relative(SRC, path), lines: text.split('\n').length - 1, imports };
    }),
  );
}

const files = await readSource();
const folderOf = (path: string): string => path.split('/')[0] ?? '';
const placeOf = (path: string): number => LAYERS.findIndex((layer) => layer.includes(folderOf(path)));
/** Nothing is built on a route, so that one may use the REST kit wherever its entity lives. */
const layerOf = (path: string): number =>
  path.endsWith('.rest.ts') ? Math.max(placeOf(path), placeOf('rest') + 0.5) : placeOf(path);

test('every folder has its place', () => {
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  expect([...folders].filter((folder) => layerOf(folder) === -1 && !APART.has(folder))).toEqual([]);
});

test('imports point one way, and folders of one layer do not import each other', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => folderOf(target) !== folderOf(path) && !target.startsWith('..'))
      .filter((target) => APART.has(folderOf(path)) || layerOf(target) >= layerOf(path))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('what one import needs was not waiting for it: there are no cycles', () => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) cycles.push([...above.slice(above.indexOf(path)), path].join(' → '));
    if (done.has(path)) return;
    done.add(path);
    for (const target of byPath.get(path)?.imports ?? []) visit(target, [...above, path]);
  };
  for (const { path } of files) visit(path, []);
  expect(cycles).toEqual([]);
});

test('files are small: none over 300 lines, half of them under 120', () => {
  expect(files.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  const sizes = files.map(({ lines }) => lines).toSorted((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(120);
});

/** What a file does beside its noun: found by folder or read by people as a family. */
const ROLES = ['read', 'write', 'graphql', 'rest', 'search', 'job', 'export'];

test('files are named in kebab-case, with a role that is known', () => {
  const name = new RegExp(`^_?[a-z0-9]+(-[a-z0-9]+)*(\\.(${ROLES.join('|')}))?\\.ts$`);
  expect(files.filter(({ path }) => !name.test(path.split('/').at(-1) ?? '')).map(({ path }) => path)).toEqual([]);
});

test('only a .graphql.ts imports a .graphql.ts, and a .rest.ts a .rest.ts, and no context another’s .write.ts', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter(
        (target) =>
          (target.endsWith('.graphql.ts') && !path.endsWith('.graphql.ts')) ||
          (target.endsWith('.rest.ts') && !path.endsWith('.rest.ts')) ||
          (target.endsWith('.write.ts') && folderOf(target) !== folderOf(path) && layerOf(target) === layerOf(path)),
      )
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the environment is read in one place', async () => {
  const readers = await Promise.all(
    files.map(async ({ path }) =>
      (await readFile(join(SRC, path), 'utf8')).includes('process.env') ? path : undefined,
    ),
  );
  expect(readers.filter((path) => path !== undefined)).toEqual(['kernel/config.ts']);
});
