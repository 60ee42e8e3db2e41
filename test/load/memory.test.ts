import { expect, test } from 'vitest';
import { growthOf } from '../../bench/load/memory.ts';

test('memory that jumps is told from memory that grows', () => {
  const jumping = Array.from({ length: 60 }, (_, second) => 200 + (second % 7) * 20);
  expect(Math.abs(growthOf(jumping).grown)).toBeLessThan(30);
  expect(Math.abs(growthOf(jumping).slope)).toBeLessThan(30);
  const growing = jumping.map((megabytes, second) => megabytes + second * 5);
  expect(growthOf(growing).grown).toBeGreaterThan(80);
  expect(growthOf(growing).slope).toBeGreaterThan(200);
});
