import { expect, test } from 'vitest';
import { createRecent } from '../../src/kernel/recent.ts';

test('what was used last is kept, and what was not used for longest forgotten', () => {
  const recent = createRecent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect(['a', 'b', 'c'].map(recent.get)).toEqual([1, undefined, 3]);
});

test('values that differ in weight are kept by their weight: many small ones, or few large ones', () => {
  const recent = createRecent<number>(10, (key) => key.length);
  for (const key of ['a', 'b', 'c', 'dddd']) recent.set(key, 1);
  recent.set('dddd', 2);
  expect(recent.size()).toBe(4);
  recent.set('eeeee', 3);
  expect(['a', 'b', 'c', 'dddd', 'eeeee'].map(recent.get)).toEqual([undefined, undefined, 1, 2, 3]);
  recent.set('longer than all', 4);
  expect([recent.get('longer than all'), recent.size()]).toEqual([undefined, 3]);
  recent.delete('dddd');
  recent.set('ffff', 5);
  expect(recent.size()).toBe(3);
});
