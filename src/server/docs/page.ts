/** The frame of every page of the reference. */
import type { Answer } from '../../http/respond.ts';
import { html, type Markup, type Part } from './html.ts';

/** Nothing but the reference's own style may load, and on a page that tries things out its own script. */
const policyOf = (script: string | undefined): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    'img-src data:',
    ...(script === undefined ? [] : ["script-src 'self'", "connect-src 'self'"]),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const LOGO = html`<svg width="22" height="22" viewBox="0 0 28 28" aria-hidden="true"><ellipse cx="14" cy="22" rx="11" ry="4"/><ellipse cx="13" cy="14" rx="8" ry="3.4"/><ellipse cx="15" cy="7.5" rx="5" ry="2.6"/></svg>`;

export interface Page {
  readonly title: string;
  readonly contents: Markup;
  readonly main: Markup;
  /** What the search field holds. */
  readonly find?: string;
  /** Of which reference it is; GraphQL's unless given. */
  readonly site?: Site;
  /** The address of a script of ours that the page runs. */
  readonly script?: string;
}

/** One of the references. */
export interface Site {
  readonly title: string;
  /** The address of its first page, where it also searches. */
  readonly home: string;
  readonly searches: string;
  readonly other: { readonly title: string; readonly address: string };
}

const GRAPHQL: Site = {
  title: 'Cairn reference',
  home: '/docs',
  searches: 'Find a type or field',
  other: { title: 'REST', address: '/api/v1/docs' },
};

/** A whole page. */
export function docsPage({ title, contents, main, find = '', site = GRAPHQL, script }: Page): Answer {
  const { markup } = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Cairn</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
${script === undefined ? undefined : html`<script src="${script}" type="module"></script>`}
<header>
<a class="home" href="${site.home}">${LOGO} ${site.title}</a>
<a href="${site.other.address}">${site.other.title}</a>
<a href="/graphql">GraphiQL</a>
<form action="${site.home}" role="search"><input type="search" name="find" value="${find}" placeholder="${site.searches}" aria-label="${site.searches}"></form>
</header>
<div class="page">
<nav class="contents" aria-label="Contents">${contents}</nav>
<main>
${main}
</main>
</div>
</html>
`;
  return {
    status: 200,
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': policyOf(script),
      'referrer-policy': 'same-origin',
      'cache-control': 'private, no-cache',
    },
    body: markup,
  };
}

/** A group of links in the contents; `members` are left out on a narrow screen, where they would stand before what they lead to. */
export function contentsGroup(title: string, links: readonly Part[], kind: 'links' | 'members' = 'links'): Markup {
  return html`<div class="${kind}"><h2>${title}</h2><ul>${links.map((link) => html`<li>${link}</li>`)}</ul></div>`;
}
