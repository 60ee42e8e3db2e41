import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manualClock, systemClock } from '../../src/kernel/clock.ts';
import { hashBytes, hashFile } from '../../src/kernel/hash.ts';
import { createUuids, uuidOfName, uuidv7 } from '../../src/kernel/uuid.ts';

test('ids sort in the order they were made, within a millisecond and across a clock that steps back', () => {
  let time = 1_700_000_000_000;
  const next = createUuids(() => time);
  const ids = Array.from({ length: 10_000 }, next);
  time -= 5_000;
  ids.push(next());
  time += 60_000;
  ids.push(next());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what goes by a name under an id has the same id whenever it is asked for, and no other name has it', () => {
  const jobs = [uuidv7(), uuidv7()];
  const names = Array.from({ length: 1_000 }, (_, index) => `name ${index}`);
  const idsOf = () => jobs.flatMap((job) => names.map((name) => uuidOfName(job, name)));
  const ids = idsOf();
  expect(idsOf()).toEqual(ids);
  expect(new Set(ids).size).toBe(2_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id is a UUID of version 7 and the RFC’s variant that begins with its time', () => {
  const before = Date.now();
  const id = uuidv7();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test('a file and its bytes have the same hash, across the edges of chunks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-hash-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bytes = Buffer.alloc(2_500_000, 'cairn');
  await writeFile(join(folder, 'file'), bytes);
  const expected = createHash('sha256').update(bytes).digest('hex');
  expect(await hashFile(join(folder, 'file'))).toEqual({ hash: expected, size: bytes.length });
  expect(hashBytes(bytes)).toBe(expected);
});

test('a missing file is an error, not an empty hash', async () => {
  await expect(hashFile('/nowhere/at/all')).rejects.toThrow(/ENOENT/);
});

test('a manual clock moves only when told to', () => {
  const clock = manualClock(new Date(0));
  clock.advance(1_500);
  expect(clock.now().getTime()).toBe(1_500);
  expect(systemClock().getTime()).toBeGreaterThan(clock.now().getTime());
});
