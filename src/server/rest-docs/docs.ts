/** /api/v1/docs: every operation to read and to try, made from the routes that answer. Nothing of it comes from elsewhere. */
import { entityTag, isHeld, readEntityTags } from '../../http/entity-tag.ts';
import type { Answer } from '../../http/respond.ts';
import type { RestRoute } from '../../rest/route.ts';
import { operationPage } from './operation-page.ts';
import { findPage, overviewPage } from './overview-page.ts';
import { REST_DOCS, TRY_SCRIPT } from './site.ts';
import { SCRIPT } from './try-script.ts';

export interface RestDocs {
  /** Whether a path belongs to the pages, which people look at. */
  readonly owns: (path: string) => boolean;
  /** The page at this address, or undefined. A browser asks again each time and, unless it changed, gets 304. */
  readonly answer: (url: URL, ifNoneMatch: string | undefined) => Answer | undefined;
}

/** Longer is no name. */
const MOST_WANTED = 200;

/** The pages of a set of routes, made one by one when they are asked for. */
export function createRestDocs(routes: readonly RestRoute[]): RestDocs {
  const byId = new Map(routes.map((route) => [route.operationId, route]));
  const page = ({ pathname, searchParams }: URL): Answer | undefined => {
    if (pathname === TRY_SCRIPT) return script();
    const wanted = searchParams.get('find')?.trim().slice(0, MOST_WANTED) ?? '';
    if (pathname === REST_DOCS) return wanted === '' ? overviewPage(routes) : findPage(routes, wanted);
    const route = byId.get(pathname.slice(REST_DOCS.length + 1));
    return route && operationPage(route, routes);
  };
  const owns = (path: string): boolean => path === REST_DOCS || path.startsWith(`${REST_DOCS}/`);
  return {
    owns,
    answer: (url, ifNoneMatch) => {
      const found = owns(url.pathname) ? page(url) : undefined;
      if (found === undefined) return undefined;
      const etag = entityTag(found.body);
      const headers = { ...found.headers, etag };
      const isKnown = isHeld(readEntityTags(ifNoneMatch), etag);
      return isKnown ? { ...found, status: 304, body: '', headers } : { ...found, headers };
    },
  };
}

function script(): Answer {
  const type = 'text/javascript; charset=utf-8';
  return { status: 200, type, headers: { 'cache-control': 'private, no-cache' }, body: SCRIPT };
}
