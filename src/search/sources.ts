import { join } from 'node:path';
import { isSearchSource, type SearchSource } from '../graphql/search-source.ts';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover, requireDefault, requireUnique } from '../kernel/discover.ts';

/**
 * What the contexts contribute to the search, in the order of their files.
 * @throws AppError DECLARATION_INVALID with the file's path
 */
export async function loadSearchSources(folder: string = join(PROJECT_ROOT, 'src')): Promise<SearchSource[]> {
  const found = (await discover(folder, '.search.ts')).map((file) => ({
    path: file.path,
    source: requireDefault(file, isSearchSource, 'a search source'),
  }));
  requireUnique(
    found.map(({ path, source }) => ({ path, name: source.type })),
    'search source',
  );
  return found.map(({ source }) => source);
}
