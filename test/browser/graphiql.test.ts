import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { importFolder } from '../../src/ingest/run.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { STARTER_QUERIES } from '../../src/server/starter-queries.ts';
import { useTestApi } from '../support/api.ts';
import { BROWSER, openBrowser, openSignedIn } from '../support/browser.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

if (BROWSER === undefined)
  console.warn('No chromium on this machine: GraphiQL is not looked at. apt-get install chromium');

/** GraphiQL reads a megabyte of schema; on a busy machine each of its pages takes ten seconds. */
const PATIENCE = { timeout: 40_000 };

test.skipIf(BROWSER === undefined)(
  'an analyst signs in by the link, and GraphiQL and the reference work with the network cut',
  async () => {
    const database = await useTestDatabase();
    const api = await useTestApi(database);
    await importFolder(api.ingest, { root: join(PROJECT_ROOT, 'samples'), actor: TESTER });
    const browser = await openBrowser();
    try {
      const { page, faults } = await openSignedIn(browser, api);
      await run(page);
      await expect.poll(() => resultOf(page), PATIENCE).toContain('Naming Plants from Pictures');
      expect(await page.getByRole('tab').count()).toBeGreaterThanOrEqual(STARTER_QUERIES.length);
      // Written into the first tab and not left out there.
      expect(await page.getByLabel('Variables').first().innerText()).toContain('first');
      await page.screenshot({ path: join(tmpdir(), 'cairn-graphiql.png') });

      const tabs = await page.getByRole('tab').count();
      const selected = () => page.getByRole('tab', { selected: true }).innerText();
      const select = () => page.getByRole('tab', { name: 'WaitingVideos' }).click().then(selected);
      // While its tabs still move into place, GraphiQL takes a click for a drag.
      await expect.poll(select, PATIENCE).toBe('WaitingVideos');
      const kept = () => page.evaluate("JSON.parse(localStorage.getItem('graphiql:tabState')).activeTabIndex");
      await expect.poll(kept, PATIENCE).toBe(1);
      await page.reload();
      await expect.poll(selected, PATIENCE).toBe('WaitingVideos');
      expect(await page.getByRole('tab').count()).toBe(tabs);
      await run(page);
      await expect.poll(() => resultOf(page), PATIENCE).toMatch(/"videoId": "\S/);

      await page.setViewportSize({ width: 390, height: 800 });
      const editor = await page.locator('.graphiql-query-editor').boundingBox();
      // Beside the answer it would be too narrow to read a line in.
      expect(editor?.width).toBeGreaterThan(280);
      await page.setViewportSize({ width: 1400, height: 850 });

      await page.goto(`${api.url}/docs`);
      await page.getByRole('searchbox').fill('transcript content');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Video.transcriptContent', exact: true }).click();
      await page.waitForURL('**/docs/Video#transcriptContent');
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Video');
      await page.getByRole('link', { name: 'VideoStatus', exact: true }).first().click();
      expect(await page.getByRole('heading', { name: 'TRANSCRIBING' }).count()).toBe(1);
      await page.setViewportSize({ width: 390, height: 800 });
      for (const path of ['/docs', '/docs/Query', '/docs/VideoFilter']) {
        await page.goto(api.url + path);
        // Wider than the phone: one would have to read it sideways.
        expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 390]);
      }
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  180_000,
);

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /execute query/i }).click();
}

/** What the page shows as the answer; its editor writes spaces as non-breaking ones. */
async function resultOf(page: Page): Promise<string> {
  return (await page.locator('.result-window').innerText()).replaceAll('\u00a0', ' ');
}
