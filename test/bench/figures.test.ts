import { expect, test } from 'vitest';
import { median, quantile, ratioOf } from '../../bench/figures.ts';

test('the median is the middle value, or the mean of the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, n) => n + 1);
  expect(quantile(values, 0.5)).toBe(51);
  expect(quantile(values, 0.99)).toBe(100);
  expect(quantile([5], 0.99)).toBe(5);
});

test('a ratio says how many times as fast the subject was, whichever way the unit counts', () => {
  expect(ratioOf([20], [10], 'more')).toBe(2);
  expect(ratioOf([5], [10], 'less')).toBe(2);
});

test('a round in which the machine was slow for both changes no ratio', () => {
  expect(ratioOf([20, 2, 20], [10, 1, 10], 'more')).toBe(2);
});
