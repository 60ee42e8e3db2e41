/** From an address to the route that answers there. */
import createFindMyWay from 'find-my-way';
import { HttpError } from './http-error.ts';
import { METHODS, type Method, type RouteFacts } from './route-facts.ts';

export interface Found<Route> {
  readonly route: Route;
  /** Decoded: an encoded slash is part of its value. */
  readonly params: Readonly<Record<string, string | undefined>>;
}

export interface Router<Route> {
  /**
   * The route of a method and path; HEAD is answered as GET. Undefined where nothing is.
   * @throws HttpError 400 for a path that cannot be read
   */
  readonly find: (method: string, path: string) => Found<Route> | undefined;
  /** What a path answers to, HEAD and OPTIONS included; none where nothing is. */
  readonly methodsOf: (path: string) => readonly string[];
}

/** Keys are refused when they are longer than any is, before anything is looked for. */
const LONGEST_PARAM = 1_000;

/** Finds routes below `root`, such as `/api/v1`, and where they are found as well. */
export function createRouter<Route extends Pick<RouteFacts, 'method' | 'path' | 'aliases'>>(
  root: string,
  routes: readonly Route[],
): Router<Route> {
  const ways = createFindMyWay({ ignoreTrailingSlash: true, maxParamLength: LONGEST_PARAM });
  // By what the library keeps for each: it would call a handler of its own.
  const byStore = new Map<object, Route>();
  for (const route of routes) {
    for (const path of [`${root}${route.path}`, ...(route.aliases ?? [])]) {
      const store = {};
      byStore.set(store, route);
      ways.on(route.method, path, () => undefined, store);
    }
  }
  const lookUp = (method: Method, path: string): Found<Route> | undefined => {
    const found = ways.find(method, path);
    const route = found === null ? undefined : byStore.get(found.store);
    // A slash too many is no key.
    const isNone = route === undefined || found === null || Object.values(found.params).includes('');
    return isNone ? undefined : { route, params: found.params };
  };
  const methodsOf = (path: string): readonly string[] => {
    const own = METHODS.filter((method) => lookUp(method, path) !== undefined);
    return own.length === 0 ? [] : [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  };
  return {
    methodsOf,
    find: (method, path) => {
      requireReadable(path);
      const asked = METHODS.find((known) => known === (method === 'HEAD' ? 'GET' : method));
      return asked === undefined ? undefined : lookUp(asked, path);
    },
  };
}

function requireReadable(path: string): void {
  if (!isReadable(path)) throw new HttpError(400, 'BAD_USER_INPUT', 'The address cannot be read');
}

/** Whether a path is text. */
export function isReadable(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
