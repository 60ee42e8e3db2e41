/** The first page of the REST reference, and what its search finds. */
import { openapiPath } from '../../http/openapi/operation.ts';
import type { Answer } from '../../http/respond.ts';
import type { RestRoute } from '../../rest/route.ts';
import { html, type Markup } from '../docs/html.ts';
import { contentsGroup, docsPage } from '../docs/page.ts';
import { REST_ROOT } from '../rest-routes.ts';
import { GUIDE } from './guide.ts';
import { operationAddress, REST_DOCS, SITE } from './site.ts';

/** The tags, sorted, each with its routes. */
function byTag(routes: readonly RestRoute[]): readonly (readonly [string, readonly RestRoute[]])[] {
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return tags.map((tag) => [tag, routes.filter((route) => route.tag === tag)] as const);
}

export const idOf = (tag: string): string => tag.toLowerCase().replaceAll(/\W+/g, '-');

export function overviewPage(routes: readonly RestRoute[]): Answer {
  const tags = byTag(routes);
  const contents = html`${contentsGroup(
    'Guide',
    GUIDE.map(({ id, title }) => html`<a href="#${id}">${title}</a>`),
  )}${contentsGroup(
    'Operations',
    tags.map(([tag]) => html`<a href="#${idOf(tag)}">${tag}</a>`),
  )}`;
  const main = html`<h1>The REST API of Cairn</h1>
<p class="lead">${routes.length} operations under <code>${REST_ROOT}</code>, over the rows and rights that <a href="/docs">GraphQL</a> has. Each has a page to read and to try it. For programs the same is <a href="${REST_ROOT}/openapi.json">openapi.json</a>.</p>
${GUIDE.map(({ id, title, body }) => html`<h2 id="${id}">${title}</h2>${body}`)}
${tags.map(([tag, some]) => html`<h2 id="${idOf(tag)}">${tag}</h2>${operationList(some)}`)}`;
  return docsPage({ title: 'REST', contents, main, site: SITE });
}

/** Operations with their names or descriptions holding each of the words. */
export function findPage(routes: readonly RestRoute[], wanted: string): Answer {
  const words = wanted.toLowerCase().split(/\s+/);
  const found = routes.filter((route) => {
    const text = `${route.operationId} ${route.method} ${route.path} ${route.summary} ${route.description ?? ''}`;
    return words.every((word) => text.toLowerCase().includes(word));
  });
  const main = html`<h1>${found.length === 0 ? 'Nothing found' : `${found.length} operations`} <span class="kind">${wanted}</span></h1>
${operationList(found)}`;
  const contents = contentsGroup('REST', [html`<a href="${REST_DOCS}">All operations</a>`]);
  return docsPage({ title: wanted, contents, main, find: wanted, site: SITE });
}

function operationList(routes: readonly RestRoute[]): Markup {
  return html`<ul class="roots">${routes.map(
    ({ operationId, method, path, summary }) =>
      html`<li><a class="signature" href="${operationAddress(operationId)}"><span class="verb">${method}</span> ${openapiPath(path)}</a> <span>${summary}</span></li>`,
  )}</ul>`;
}
