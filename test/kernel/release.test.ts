import { expect, test } from 'vitest';
import { createReleasers, withReleasers } from '../../src/kernel/release.ts';

test('what was opened last is released first', async () => {
  const order: string[] = [];
  const releasers = createReleasers();
  for (const name of ['server', 'pool', 'http']) releasers.add(name, () => void order.push(name));
  await releasers.release();
  expect(order).toEqual(['http', 'pool', 'server']);
});

test('one that fails does not keep the others from being released, and is named', async () => {
  const order: string[] = [];
  const releasers = createReleasers();
  releasers.add('server', () => void order.push('server'));
  releasers.add('pool', () => Promise.reject(new Error('stuck')));
  await expect(releasers.release()).rejects.toThrow('Releasing "pool" failed');
  expect(order).toEqual(['server']);
});

test('releasing twice, or opening afterwards, is an error', async () => {
  const releasers = createReleasers();
  await releasers.release();
  await expect(releasers.release()).rejects.toThrow('Released twice');
  expect(() => releasers.add('late', () => undefined)).toThrow('late');
});

test('a start that fails releases what it had opened and throws its own error', async () => {
  const order: string[] = [];
  const start = withReleasers(async (releasers) => {
    releasers.add('server', () => void order.push('server'));
    throw new Error('no pool');
  });
  await expect(start).rejects.toThrow('no pool');
  expect(order).toEqual(['server']);
});

test('a start whose clean-up fails too still throws its own error, with the other told', async () => {
  const start = withReleasers(async (releasers) => {
    releasers.add('server', () => Promise.reject(new Error('stuck')));
    throw new Error('no pool');
  });
  await expect(start).rejects.toThrow('no pool');
});
