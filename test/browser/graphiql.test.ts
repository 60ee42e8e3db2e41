import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useTestApi } from '../support/api.ts';
import { BROWSER, openBrowser } from '../support/browser.ts';
import { useTestDatabase } from '../support/database.ts';

if (BROWSER === undefined)
  console.warn('No chromium on this machine: GraphiQL is not looked at. apt-get install chromium');

test.skipIf(BROWSER === undefined)(
  'an analyst signs in by the link, and GraphiQL shows rows with the network cut',
  async () => {
    const database = await useTestDatabase();
    const api = await useTestApi(database);
    await database.owner.query(
      "INSERT INTO researches (research_id, title, department, status) VALUES ('RSH-VID-001', 'Seen in the browser', 'VID', 'active')",
    );
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(api.url) && !/^(data|blob):/.test(request.url())) faults.push(request.url());
      });
      await page.goto(api.signInLink);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL('**/graphql');
      await page.getByRole('button', { name: /execute query/i }).click();
      await expect.poll(() => resultOf(page), { timeout: 20_000 }).toContain('Seen in the browser');
      expect(await page.getByRole('tab').count()).toBeGreaterThanOrEqual(6);
      // Written into the first tab and not left out there.
      expect(await page.getByLabel('Variables').first().innerText()).toContain('first');
      await page.screenshot({ path: join(tmpdir(), 'cairn-graphiql.png') });
      await page.reload();
      await page.getByRole('tab', { name: 'Datasets' }).click();
      await page.getByRole('button', { name: /execute query/i }).click();
      await expect.poll(() => resultOf(page), { timeout: 20_000 }).toContain('openRejects');
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

/** What the page shows as the answer; its editor writes spaces as non-breaking ones. */
async function resultOf(page: Page): Promise<string> {
  return (await page.locator('.result-window').innerText()).replaceAll('\u00a0', ' ');
}
