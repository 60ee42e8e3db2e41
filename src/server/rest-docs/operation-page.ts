/** The page of one operation: what it takes, what it answers, and a form to try it. */
import { openapiPath } from '../../http/openapi/operation.ts';
import { problemsOf } from '../../http/openapi/problems.ts';
import type { Answer } from '../../http/respond.ts';
import { rightInWords } from '../../kernel/rights.ts';
import type { RestRoute } from '../../rest/route.ts';
import { html, inline, type Markup, prose } from '../docs/html.ts';
import { contentsGroup, docsPage } from '../docs/page.ts';
import { REST_ROOT } from '../rest-routes.ts';
import { schemaView, typeWords } from './schema-view.ts';
import { operationAddress, REST_DOCS, SITE, TRY_SCRIPT } from './site.ts';
import { tryForm } from './try-form.ts';

export function operationPage(route: RestRoute, routes: readonly RestRoute[]): Answer {
  const { operationId, method, path, summary, description, needs, aliases = [], tag } = route;
  const contents = html`${contentsGroup('REST', [html`<a href="${REST_DOCS}">All operations</a>`])}${contentsGroup(
    tag,
    routes
      .filter((other) => other.tag === tag)
      .map((other) => html`<a href="${operationAddress(other.operationId)}">${other.summary}</a>`),
    'members',
  )}`;
  const main = html`<h1>${summary} <span class="kind">${operationId}</span></h1>
<p class="signature"><span class="verb">${method}</span> <span class="name">${openapiPath(`${REST_ROOT}${path}`)}</span></p>
${aliases.map((alias) => html`<p>Also at <code>${openapiPath(alias)}</code>.</p>`)}
${prose(description)}
${needs === undefined ? undefined : html`<p class="lead">${rightInWords(needs)}</p>`}
<h2 id="try">Try it</h2>
${tryForm(route)}
<h2 id="answers">Answers</h2>
${answersOf(route)}
<p class="lead">Problems: ${problemsOf(route).join(', ')}; see <a href="${REST_DOCS}#errors">Errors</a>.</p>`;
  return docsPage({ title: summary, contents, main, site: SITE, script: TRY_SCRIPT });
}

function answersOf({ answers }: RestRoute): Markup {
  return html`${Object.entries(answers).map(
    ([status, { description, content = {}, headers = {} }]) =>
      html`<div class="member"><h3>${status}</h3><p>${inline(description)}</p>${Object.entries(headers).map(
        ([name, header]) => html`<p><code>${name}</code> ${inline(header.description)}</p>`,
      )}${Object.entries(content).map(
        ([type, schema]) =>
          html`<p><code>${type}</code> <span class="kind">${typeWords(schema)}</span></p>${schemaView(schema)}`,
      )}</div>`,
  )}`;
}
