import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTestApi } from '../support/api.ts';
import { BROWSER, openBrowser, openSignedIn } from '../support/browser.ts';
import { useTestDatabase } from '../support/database.ts';

if (BROWSER === undefined)
  console.warn('No chromium on this machine: the REST pages are not looked at. apt-get install chromium');

test.skipIf(BROWSER === undefined)(
  'an analyst finds an operation, reads it and tries it, with the network cut, on a screen and on a phone',
  async () => {
    const database = await useTestDatabase();
    const api = await useTestApi(database);
    const browser = await openBrowser();
    try {
      const { page, faults } = await openSignedIn(browser, api);

      await page.goto(`${api.url}/api/v1/docs`);
      await page.screenshot({ path: join(tmpdir(), 'cairn-rest.png') });
      await page.getByRole('searchbox').fill('who you are');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: '/me' }).click();
      await page.getByRole('button', { name: 'Send' }).click();
      const answer = page.locator('form.try output');
      await expect.poll(() => answer.innerText()).toContain('"role": "admin"');
      expect(await answer.innerText()).toMatch(/curl -H 'Authorization: Bearer TOKEN'[\s\S]*200 OK/);

      await page.goto(`${api.url}/api/v1/docs/listResearches`);
      await page.getByLabel('limit').fill('1');
      await page.getByLabel('fields').fill('title');
      await page.getByText('more parameters').click();
      await page.locator('[id="query:status"]').selectOption(['active', 'completed']);
      await page.getByRole('button', { name: 'Send' }).click();
      await expect
        .poll(() => answer.innerText())
        .toMatch(/status=active&status=completed[\s\S]*200 OK[\s\S]*"data": \[\]/);
      await page.screenshot({ path: join(tmpdir(), 'cairn-rest-try.png'), fullPage: true });

      // A write by the session's cookie, and a problem that is shown as one.
      await page.goto(`${api.url}/api/v1/docs/createResearch`);
      await page.getByLabel('Body').fill('{"nothing": 1}');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect.poll(() => answer.innerText()).toMatch(/400 Bad Request[\s\S]*"code": "BAD_USER_INPUT"/);
      // The answers that were asked for are no faults of the page.
      expect(faults.filter((fault) => !fault.includes('the server responded with a status of 400'))).toEqual([]);

      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 390, height: 800 });
      for (const path of ['', '/listVideos', '/createResearch']) {
        await page.goto(`${api.url}/api/v1/docs${path}`);
        // Wider than the phone: one would have to read it sideways.
        expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 390]);
      }
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 24, 29)');
      await page.screenshot({ path: join(tmpdir(), 'cairn-rest-phone.png') });
    } finally {
      await browser.close();
    }
  },
  120_000,
);
