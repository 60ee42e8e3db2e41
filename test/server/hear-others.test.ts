/** Between two documents whatever came meanwhile is heard, but not at the price of a round of the event loop for each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hearOthers } from '../../src/server/hear-others.ts';

/** How many of some documents were followed by a round, in which others are heard. */
async function roundsOf(documents: number, read: () => void): Promise<number> {
  await sleep(20);
  let rounds = 0;
  for (let document = 0; document < documents; document += 1) {
    read();
    let isHeard = false;
    setImmediate(() => {
      isHeard = true;
    });
    await hearOthers();
    if (isHeard) rounds += 1;
  }
  return rounds;
}

test('brief documents share rounds', async () => {
  expect(await roundsOf(200, () => undefined)).toBeLessThan(100);
});

test('after a document that took long others are heard', async () => {
  const long = () => {
    for (const end = performance.now() + 6; performance.now() < end; );
  };
  expect(await roundsOf(10, long)).toBe(10);
});
