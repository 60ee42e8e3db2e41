/** Names that clients choose, made fit for a label: every value of a label is kept in memory and sent with each scrape. */

/** How many operations of their own a team's clients have, and still a number that Prometheus bears. */
export const MOST_NAMES = 100;

/**
 * The label of a name: the name itself where it is registered or among the first `most` others, else `other`. Registered
 * ones can never be crowded out.
 */
export function boundedNames(
  registered: Iterable<string>,
  most: number = MOST_NAMES,
): (name: string | undefined) => string {
  const always = new Set(registered);
  const seen = new Set<string>();
  return (name) => {
    if (name === undefined) return 'anonymous';
    if (always.has(name) || seen.has(name)) return name;
    if (seen.size >= most || name.length > 100) return 'other';
    seen.add(name);
    return name;
  };
}

const ROUTES = new Set(['/', '/graphql', '/health', '/metrics', '/docs', '/sign-in', '/sign-out']);
const FOLDERS = ['graphiql', 'docs', 'sign-in'];

/** The label of a path: its route, its folder, or `other`. Of REST the operations have labels of their own. */
export function routeOf(path: string): string {
  if (ROUTES.has(path)) return path;
  if (path === '/api/v1' || path.startsWith('/api/v1/')) return '/api/v1/*';
  if (path.startsWith('/api/data-sources')) return '/api/data-sources/*';
  if (path.startsWith('/v1/')) return '/v1/*';
  const folder = path.split('/', 2)[1] ?? '';
  return FOLDERS.includes(folder) ? `/${folder}/*` : 'other';
}

const METHODS = new Set(['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** The label of a method: clients may send any word. */
export function methodOf(method: string): string {
  return METHODS.has(method) ? method : 'other';
}
