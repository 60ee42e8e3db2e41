import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBackground } from '../../src/ingest/background.ts';
import { createLog, silentLog } from '../../src/kernel/log.ts';

test('what runs is known by its ids until it is done, also when it fails', async () => {
  const background = createBackground(silentLog());
  const work = Promise.withResolvers<void>();
  background.start(['a', 'b'], () => work.promise);
  expect([background.has('a'), background.has('b'), background.has('c')]).toEqual([true, true, false]);
  work.reject(new Error('broken'));
  await background.finish(1_000);
  expect(background.has('a')).toBe(false);
});

test('a failure is logged with the ids it concerns', async () => {
  const lines: string[] = [];
  const background = createBackground(createLog({ level: 'info', stream: { write: (line) => void lines.push(line) } }));
  background.start(['a'], () => Promise.reject(new Error('broken')));
  await background.finish(1_000);
  expect(lines.join('')).toMatch(/broken.*"importIds":\["a"\]/);
});

test('a stop waits for what runs, and tells it to begin nothing more', async () => {
  const background = createBackground(silentLog());
  let done = false;
  background.start(['a'], async () => {
    await sleep(100);
    done = background.isStopping();
  });
  await background.finish(5_000);
  expect(done).toBe(true);
});

test('a stop does not wait longer than its grace', async () => {
  const background = createBackground(silentLog());
  background.start(['a'], () => new Promise(() => undefined));
  const begun = performance.now();
  await background.finish(100);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('two run side by side, the others wait their turn, and a stop lets them see that it never comes', async () => {
  const background = createBackground(silentLog());
  const begun: string[] = [];
  const release = Promise.withResolvers<void>();
  for (const id of ['a', 'b', 'c', 'd']) {
    background.start([id], async () => {
      begun.push(background.isStopping() ? `${id} too late` : id);
      await release.promise;
    });
  }
  await sleep(20);
  expect(begun).toEqual(['a', 'b']);
  expect(background.has('d')).toBe(true);
  const finished = background.finish(5_000);
  release.resolve();
  await finished;
  expect(begun).toEqual(['a', 'b', 'c too late', 'd too late']);
  expect(background.has('d')).toBe(false);
});
