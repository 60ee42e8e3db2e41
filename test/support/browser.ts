/** Debian's chromium, driven over its own protocol, with every name but the loopback's unknown to it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
