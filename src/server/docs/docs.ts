/** /docs: the reference, made from the schema that the server answers by. Plain HTML: no script, nothing from elsewhere. */
import type { GraphQLSchema } from 'graphql';
import type { Answer } from '../../http/respond.ts';
import { hashBytes } from '../../kernel/hash.ts';
import { type Example, readCatalogue } from './catalogue.ts';
import { findPage, overviewPage } from './overview-page.ts';
import { STYLE } from './style.ts';
import { typePage } from './type-page.ts';

export interface Docs {
  /** The page at this address, or undefined. A browser asks again each time and, unless the page changed, gets 304. */
  readonly answer: (url: URL, ifNoneMatch: string | undefined) => Answer | undefined;
}

/** Longer is no name. */
const MOST_WANTED = 200;

/** The reference of a schema; its catalogue is read when the first page is asked for, pages are made one by one. */
export function createDocs(schema: GraphQLSchema, examples: readonly Example[]): Docs {
  let known: ReturnType<typeof readCatalogue> | undefined;
  const page = (url: URL): Answer | undefined => {
    if (url.pathname === '/docs/style.css') return style();
    known ??= readCatalogue(schema, examples);
    const wanted = url.searchParams.get('find')?.trim().slice(0, MOST_WANTED) ?? '';
    if (url.pathname === '/docs') return wanted === '' ? overviewPage(known) : findPage(known, wanted);
    const type = known.types.get(url.pathname.slice('/docs/'.length));
    return type && typePage(known, type);
  };
  return {
    answer: (url, ifNoneMatch) => {
      if (url.pathname !== '/docs' && !url.pathname.startsWith('/docs/')) return undefined;
      const found = page(url);
      if (found === undefined) return undefined;
      const etag = `"${hashBytes(found.body).slice(0, 32)}"`;
      const headers = { ...found.headers, etag };
      return ifNoneMatch === etag ? { ...found, status: 304, body: '', headers } : { ...found, headers };
    },
  };
}

function style(): Answer {
  return {
    status: 200,
    type: 'text/css; charset=utf-8',
    headers: { 'cache-control': 'private, no-cache' },
    body: STYLE,
  };
}
