/** A workbook whose reader leaves ends at once, also where rows are left that were read already. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeXlsx } from '../../src/exports/formats/xlsx.ts';
import { createHandoff, writableInto } from '../../src/exports/sink.ts';

const columns = [{ name: 'words', kind: 'text', nullable: true }] as const;

test.each([0, 20])('whose reader leaves after %i ms', async (after) => {
  let isEnded = false;
  async function* batches() {
    try {
      for (let batch = 0; batch < 50; batch += 1) {
        yield Array.from({ length: 5_000 }, (_, row) => [`${batch} ${row} ${Math.random()}`]);
        await sleep(1);
      }
    } finally {
      isEnded = true;
    }
  }
  const body = createHandoff();
  const read = async (): Promise<void> => {
    let isFirst = true;
    for await (const _piece of body.pieces) {
      if (isFirst) setTimeout(body.leave, after);
      isFirst = false;
    }
  };
  void read();
  const written = writeXlsx({ columns, batches: batches() }, writableInto(body), { name: 'words' });
  const outcome = written.then(
    () => 'written',
    () => 'failed',
  );
  expect(await Promise.race([outcome, sleep(4_000).then(() => 'hangs')])).toBe('failed');
  expect(isEnded).toBe(true);
});
