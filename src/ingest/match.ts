/** Which dataset a path belongs to: decided by the path alone, before anything is read. */
import picomatch from 'picomatch';
import { AppError } from '../kernel/errors.ts';
import type { Dataset, FileFacts, FilePattern } from './dataset.ts';
import { EXPORTED, isExportOf } from './exported/export-file.ts';
import type { Registry } from './registry.ts';

export interface Match {
  readonly dataset: Dataset;
  readonly pattern: FilePattern;
  /** Rank among the files that may speak of one row, 0 first: the dataset's rank, then the pattern's. */
  readonly authority: number;
}

export type Matched = { readonly match: Match } | { readonly skipped: string };

/** Patterns of one dataset: more than any has. Keeps ranks of datasets of one table apart; derived rows rank below all. */
const RANKS_PER_DATASET = 20;
export const DERIVED_AUTHORITY = 90;

const matchers = new Map<string, (path: string) => boolean>();

/**
 * The dataset that claims the file, or the reason why none takes it. With `name` that dataset takes it whatever its path.
 * @throws AppError DATASET_UNKNOWN when there is no dataset `name`.
 */
export function matchFile(registry: Registry, file: FileFacts, name?: string): Matched {
  const claims: Match[] = [];
  for (const dataset of name === undefined ? registry.datasets.values() : [datasetNamed(registry, name)]) {
    const found = claim(dataset, file);
    if (found !== undefined) claims.push(found);
  }
  // Of a path that several claim, one that may not be written to must not become another's by that.
  const exports = claims.filter(({ pattern }) => pattern.exported === true);
  // An export says whose it is; a pattern that takes whatever lies in its folder does not know.
  const [match, other] = exports.length > 0 ? exports : claims;
  if (match !== undefined && other !== undefined)
    return { skipped: `claimed by the datasets ${match.dataset.name} and ${other.dataset.name}: name one` };
  if (match === undefined) {
    if (name === undefined) return { skipped: 'no dataset claims this path' };
    const dataset = datasetNamed(registry, name);
    return { match: { dataset, pattern: likePattern(dataset, file), authority: rank(dataset, dataset.files.length) } };
  }
  const scope = lackedScope(registry, match.dataset);
  if (scope !== undefined)
    return { skipped: `belongs to the dataset ${match.dataset.name}, which needs the scope ${scope}` };
  const reason = match.pattern.exported === true ? undefined : match.dataset.skip?.(file);
  return reason === undefined ? { match } : { skipped: reason };
}

/** The scope without which nothing may be imported into the dataset, if it is lacked. */
export function lackedScope({ contexts, only }: Registry, dataset: Dataset): string | undefined {
  if (only === undefined) return undefined;
  const context = contexts.get(dataset.name) ?? '';
  return only.includes(context) ? undefined : context;
}

/** @throws AppError DATASET_UNKNOWN, FORBIDDEN for a dataset of a context that may not be imported into */
export function datasetNamed(registry: Registry, name: string): Dataset {
  const dataset = registry.datasets.get(name);
  const scope = dataset && lackedScope(registry, dataset);
  if (scope !== undefined) {
    throw new AppError('FORBIDDEN', `The dataset ${name} needs the scope ${scope}`, {
      hint: 'Use a token or an account with that scope.',
    });
  }
  if (dataset !== undefined) return dataset;
  throw new AppError('DATASET_UNKNOWN', `There is no dataset "${name}"`, {
    hint: `Known datasets: ${[...registry.datasets.keys()].sort().join(', ')}.`,
  });
}

function claim(dataset: Dataset, file: FileFacts): Match | undefined {
  if (isExportOf(dataset, file)) return { dataset, pattern: EXPORTED, authority: rank(dataset, dataset.files.length) };
  const index = dataset.files.findIndex(({ pattern }) => matcher(pattern)(file.path));
  const pattern = dataset.files[index];
  return pattern === undefined ? undefined : { dataset, pattern, authority: rank(dataset, index) };
}

/** A file that its sender puts into a dataset is read as the dataset reads its own files of that extension. */
function likePattern(dataset: Dataset, { extension }: FileFacts): FilePattern {
  const own = dataset.files.find(
    ({ pattern }) => extension !== '' && pattern.toLowerCase().includes(extension.slice(1)),
  );
  return own ?? { pattern: '**' };
}

/** How much a file's word counts, 0 most: by its dataset, then by the dataset's pattern that it matches. */
export function rank(dataset: Dataset, index: number): number {
  return Math.min((dataset.authority ?? 0) * RANKS_PER_DATASET + index, DERIVED_AUTHORITY - 1);
}

function matcher(pattern: string): (path: string) => boolean {
  let found = matchers.get(pattern);
  if (found === undefined) {
    found = picomatch(pattern, { nocase: true, dot: false });
    matchers.set(pattern, found);
  }
  return found;
}
