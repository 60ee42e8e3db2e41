/** A Drive that is large in every way: documents beyond what is exported, ten thousand files, a folder above all of them. */
import { expect, test } from 'vitest';
import connector from '../../../src/sources/connectors/google-drive.ts';
import { FOLDER } from '../../support/google/drive-world.ts';
import { openGoogleDrive } from '../../support/providers/google-drive.ts';

test('a document of 50 MB passes through without being held', { timeout: 60_000 }, async () => {
  const place = await openGoogleDrive();
  const content = Buffer.alloc(50_000_000, 'a row of a very long sheet\n');
  const id = place.world.add({ name: 'Long', mimeType: 'application/vnd.google-apps.spreadsheet', content });
  const download = await connector.download({ id, kind: 'native' }, {}, place.context());
  const reader = download.body.getReader();
  const before = process.memoryUsage().arrayBuffers;
  let bytes = (await reader.read()).value?.length ?? 0;
  // Nobody reads on for a while: what comes meanwhile must wait where it is.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  expect(bytes).toBe(content.length);
  await place.close();
});

test('ten thousand files are listed page by page, and told again by few requests when the folder above is renamed', {
  timeout: 120_000,
}, async () => {
  const place = await openGoogleDrive({ pageSize: 1000 });
  const { world } = place;
  const top = world.add({ name: 'top', mimeType: FOLDER });
  for (let number = 0; number < 200; number += 1) {
    const folder = world.add({ name: `folder ${number}`, mimeType: FOLDER, parent: top });
    for (let file = 0; file < 50; file += 1) world.add({ name: `${file}.txt`, parent: folder, content: 'x' });
  }
  const counts = { upserts: 0, checkpoints: 0 };
  let cursor = '';
  let longest = 0;
  const follow = async (from: string | null): Promise<{ upserts: number; requests: number }> => {
    const asked = place.asked.length;
    let upserts = 0;
    for await (const event of connector.listChanges(from, place.context())) {
      if (event.type === 'upsert') upserts += 1;
      if (event.type === 'checkpoint' || event.type === 'complete') {
        cursor = event.cursor;
        longest = Math.max(longest, cursor.length);
      }
      if (event.type === 'checkpoint') counts.checkpoints += 1;
    }
    return { upserts, requests: place.asked.length - asked };
  };
  expect(await follow(null)).toEqual({ upserts: 10_201, requests: 13 });
  expect(counts.checkpoints).toBe(11);
  expect(longest).toBeLessThan(20_000);
  expect(await follow(cursor)).toEqual({ upserts: 0, requests: 2 });
  world.edit(top, { name: 'renamed' });
  const renamed = await follow(cursor);
  expect(renamed.upserts).toBe(10_201);
  // One for each folder: Drive does not tell all of several at once.
  expect(renamed.requests).toBe(203);
  await place.close();
});
