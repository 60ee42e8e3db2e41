import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { watched } from '../../src/kernel/watched.ts';

test('a watcher sees what was done, how long it took and how it ended', async () => {
  const channel = watched<string, number>();
  const seen: unknown[] = [];
  const stop = channel.watch((what) => ({
    ended: ({ seconds, result, error }) => seen.push([what, seconds > 0.015, result, error]),
  }));
  const fault = new Error('broken');
  expect(await channel.observe('one', () => sleep(20, 7))).toBe(7);
  await expect(channel.observe('other', () => Promise.reject(fault))).rejects.toBe(fault);
  stop();
  expect(await channel.observe('unseen', async () => 8)).toBe(8);
  expect(seen).toEqual([
    ['one', true, 7, undefined],
    ['other', false, undefined, fault],
  ]);
});

test('what is watched begins in the same turn, so that statements still travel together', () => {
  const channel = watched<string>();
  channel.watch(() => ({ ended: () => undefined }));
  let began = false;
  const work = async (): Promise<void> => {
    began = true;
  };
  void channel.observe('one', work);
  expect(began).toBe(true);
});

test('a watcher may put what it watches inside something of its own', async () => {
  const channel = watched<string>();
  const storage = new AsyncLocalStorage<string>();
  channel.watch((what) => ({ ended: () => undefined, around: (work) => storage.run(what, work) }));
  expect(await channel.observe('outer', () => channel.observe('inner', async () => storage.getStore()))).toBe('inner');
});

test('a watcher that fails changes nothing but the process’s warnings', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const channel = watched<string>();
  channel.watch(() => {
    throw new Error('at the beginning');
  });
  channel.watch(() => ({
    ended: () => {
      throw new Error('at the end');
    },
  }));
  expect(await channel.observe('one', async () => 1)).toBe(1);
  expect(warned.mock.calls.map(([fault]) => String(fault))).toEqual(['Error: at the beginning', 'Error: at the end']);
  warned.mockRestore();
});
