/** The REST API, from every `*.rest.ts` file there is: adding a route is adding a file. */
import { join } from 'node:path';
import { isRoute } from '../http/route.ts';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover, requireDefault, requireUnique } from '../kernel/discover.ts';
import type { RestRoute } from '../rest/route.ts';

/** Where the API begins; a route's path is below it. */
export const REST_ROOT = '/api/v1';

/**
 * Loads the files; routes in the order of their files and within them.
 * @throws AppError DECLARATION_INVALID naming the file that exports none, or both files of a name or address used twice
 */
export async function loadRestRoutes(folder: string = join(PROJECT_ROOT, 'src')): Promise<readonly RestRoute[]> {
  const found = await discover(folder, '.rest.ts');
  const declared = found.flatMap((file) =>
    [requireDefault(file, isDeclared, 'a route or a list of routes')]
      .flat()
      .map((route) => ({ route, path: file.path })),
  );
  requireUnique(
    declared.map(({ route, path }) => ({ name: route.operationId, path })),
    'operation',
  );
  requireUnique(
    declared.flatMap(({ route, path }) =>
      // What a parameter is called makes no other address.
      [`${REST_ROOT}${route.path}`, ...(route.aliases ?? [])].map((address) => ({
        name: `${route.method} ${address.replaceAll(/:\w+/g, ':')}`,
        path,
      })),
    ),
    'address',
  );
  return declared.map(({ route }) => route);
}

function isDeclared(value: unknown): value is RestRoute | readonly RestRoute[] {
  return Array.isArray(value) ? value.length > 0 && value.every((one) => isRoute(one)) : isRoute(value);
}
