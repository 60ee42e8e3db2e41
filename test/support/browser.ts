/** Debian's chromium, driven over its own protocol, with every name but the loopback's unknown to it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's path, or undefined where none is installed. */
export const BROWSER: string | undefined = PLACES.find((path) => existsSync(path));

/** Starts the browser without a network: what a page loads from elsewhere fails. Whoever starts it closes it. */
export async function openBrowser(): Promise<Browser> {
  if (BROWSER === undefined) throw new Error(`No browser in ${PLACES.join(', ')}: apt-get install chromium`);
  return chromium.launch({
    executablePath: BROWSER,
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}

/**
 * A page signed in by the printed link, on a screen. `faults` gathers what goes wrong in it: errors of its console and its
 * scripts, and every request that leaves the server at `url`.
 */
export async function openSignedIn(
  browser: Browser,
  { url, signInLink }: { readonly url: string; readonly signInLink: string },
): Promise<{ page: Page; faults: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) faults.push(request.url());
  });
  await page.goto(signInLink);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/graphql');
  return { page, faults };
}
