/** The frame of every page of the reference. */
import type { Answer } from '../../http/respond.ts';
import { html, type Markup, type Part } from './html.ts';

/** Nothing but the reference's own style may load; no script at all. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const LOGO = html`<svg width="22" height="22" viewBox="0 0 28 28" aria-hidden="true"><ellipse cx="14" cy="22" rx="11" ry="4"/><ellipse cx="13" cy="14" rx="8" ry="3.4"/><ellipse cx="15" cy="7.5" rx="5" ry="2.6"/></svg>`;

export interface Page {
  readonly title: string;
  readonly contents: Markup;
  readonly main: Markup;
  /** What the search field holds. */
  readonly find?: string;
}

/** A whole page. */
export function docsPage({ title, contents, main, find = '' }: Page): Answer {
  const { markup } = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Cairn</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/style.css">
<header>
<a class="home" href="/docs">${LOGO} Cairn reference</a>
<a href="/graphql">GraphiQL</a>
<form action="/docs" role="search"><input type="search" name="find" value="${find}" placeholder="Find a type or field" aria-label="Find a type or field"></form>
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
      'content-security-policy': POLICY,
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
