/** A thousand requests of one token at once are not a thousand lookups, and none is told what held before it asked. */
import { expect, test } from 'vitest';
import { sharedLookup } from '../../src/access/shared-lookup.ts';

function world() {
  const begun: {
    readonly key: string;
    readonly end: (value: string) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const look = sharedLookup((key: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    begun.push({ key, end: resolve, fail: reject });
    return promise;
  });
  return { begun, look };
}

test('who comes while one runs shares the next, which begins after all of them asked', async () => {
  const { begun, look } = world();
  const first = look('a');
  const others = [look('a'), look('a'), look('a')];
  expect(begun).toHaveLength(1);
  begun[0]?.end('valid');
  expect(await first).toBe('valid');
  await expect.poll(() => begun.length).toBe(2);
  const late = look('a');
  begun[1]?.end('revoked');
  expect(await Promise.all(others)).toEqual(['revoked', 'revoked', 'revoked']);
  await expect.poll(() => begun.length).toBe(3);
  begun[2]?.end('still revoked');
  expect(await late).toBe('still revoked');
});

test('another key waits for nobody, and one that failed is asked for again', async () => {
  const { begun, look } = world();
  const failing = look('a');
  const after = look('a');
  void look('b');
  expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
  begun[0]?.fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await expect.poll(() => begun.length).toBe(3);
  begun[2]?.end('yes');
  expect(await after).toBe('yes');
});
