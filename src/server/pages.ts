/** The few pages that work without a script. */
import type { Answer } from '../http/respond.ts';

/** Its own style and forms to itself; nothing else may load. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function page(status: number, title: string, body: string): Answer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    // Under no-referrer a browser sends `Origin: null` with a form, which could not be told from another site's.
    headers: { 'content-security-policy': PAGE_POLICY, 'referrer-policy': 'same-origin' },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – Cairn</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem; color: #1d2733; background: #fff }
  button, a.button { font: inherit; display: inline-block; text-decoration: none; padding: .5rem 1.25rem; border: 0; border-radius: .375rem; color: #fff; background: #1f5f8b; cursor: pointer }
  code { background: #eef1f4; padding: .1rem .3rem; border-radius: .25rem }
  a { color: #1a5a85 }
  @media (prefers-color-scheme: dark) { body { color: #dde3ea; background: #14181d } code { background: #262d35 } a { color: #7db8de } }
</style>
<h1>${title}</h1>
${body}
</html>
`,
  };
}

/**
 * The page of a sign-in link, or, without a code, of the OpenID `provider`. Only its button uses a link up: a preview that
 * fetches the address must not.
 */
export function signInPage(code: string | null, provider: string | undefined): Answer {
  if (code === null) return page(200, 'Sign in', waysIn(provider));
  return page(
    200,
    'Sign in',
    `<p>This link opens Cairn in this browser. It works once.</p>
<form method="post" action="/sign-in"><input type="hidden" name="code" value="${escapeHtml(code)}"><button autofocus>Sign in</button></form>`,
  );
}

/** Why signing in failed. */
export function signInFailedPage(message: string, hint: string, status = 401): Answer {
  const again = '<p><a href="/sign-in">Sign in another way</a></p>';
  return page(status, 'You are not signed in', `<p>${escapeHtml(message)}.</p><p>${escapeHtml(hint)}</p>${again}`);
}

/** A source was connected, with this account. */
export function connectedPage(source: string, account: string): Answer {
  return page(
    200,
    'Connected',
    `<p><strong>${escapeHtml(source)}</strong> is connected with ${escapeHtml(account)}. Its first sync begins by itself.</p>
<p>You can close this page, or go on to <a href="/">Cairn</a>.</p>`,
  );
}

/** Why a source was not connected. */
export function notConnectedPage(message: string, hint: string, status: number): Answer {
  const signIn = status === 401 ? '<p><a href="/sign-in">Sign in</a></p>' : '';
  return page(
    status,
    'The source is not connected',
    `<p>${escapeHtml(message)}.</p><p>${escapeHtml(hint)}</p>${signIn}`,
  );
}

/** For whoever is not signed in. */
export function signedOutPage(provider: string | undefined): Answer {
  return page(401, 'Please sign in', waysIn(provider));
}

/** For a person at an address where nothing is. */
export function notFoundPage(): Answer {
  return page(
    404,
    'There is nothing here',
    '<p>Ask for data in <a href="/graphql">GraphiQL</a>, or look up types and fields in the <a href="/docs">reference</a>.</p>',
  );
}

/** A link and no form: browsers hold a form's redirects to this site, too. */
function waysIn(provider: string | undefined): string {
  const button =
    provider === undefined
      ? ''
      : `<p><a class="button" href="/sign-in/oidc">Sign in with ${escapeHtml(provider)}</a></p>\n`;
  return `${button}<p>The server prints a sign-in link when it starts, and administrators make links for others: open yours in this
browser. It works once, for 15 minutes; starting the server again prints a new one.</p>
<p>Scripts send <code>Authorization: Bearer TOKEN</code>. Create a token with
<code>npm run -s cairn -- token create NAME</code>.</p>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
