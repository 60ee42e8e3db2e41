/** A text that is read to be passed on comes as its bytes, and nothing else of its connection does. */
import { describe, expect, test } from 'vitest';
import { ACTOR, actorValues, type Telling } from '../../src/database/actors-query.ts';
import { readOnce, readText } from '../../src/database/read-once.ts';
import { RowSocket } from '../../src/database/row-socket.ts';
import { readSession } from '../../src/database/session.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

const TEXT = "SELECT repeat('é', $1::int) || current_setting('cairn.actor') AS answer";
const read = (text: string, values: readonly unknown[] = [], telling?: Telling) =>
  readText(database.read, TESTER, { label: 'test', text, values }, undefined, telling);
const longText = (length: number): string => 'é'.repeat(length) + TESTER.label;
const tellingIf = (isTold: boolean): Telling => ({
  name: 'told if',
  text: `${ACTOR.text} WHERE $4`,
  values: [...actorValues(TESTER), String(isTold)],
});

describe('the text of a statement', () => {
  test.each([0, 1, 2_000, 32_740, 32_768, 300_000])(
    'of %i characters is given whole, the first time and after it',
    async (n) => {
      for (let round = 0; round < 4; round += 1) expect((await read(TEXT, [String(n)]))?.toString()).toBe(longText(n));
    },
  );

  test('is nobody else’s, whatever else is asked on the connections meanwhile', async () => {
    const lengths = Array.from({ length: 60 }, (_, n) => (n * 997) % 40_000);
    const rows = "SELECT n, repeat('x', n) AS text FROM generate_series(1, 300) n";
    const [texts, ...others] = await Promise.all([
      Promise.all(lengths.map((length) => read(TEXT, [String(length)]))),
      ...lengths.map((_, n) =>
        n % 2 === 0
          ? readSession(database.read, TESTER, (query) => query('rows', rows))
          : readOnce(database.read, TESTER, { label: 'rows', text: rows, values: [] }),
      ),
    ]);
    expect(texts.map((text) => text?.toString())).toEqual(lengths.map(longText));
    const expected = Array.from({ length: 300 }, (_, n) => ({ n: n + 1, text: 'x'.repeat(n + 1) }));
    for (const other of others) expect(other).toEqual(expected);
  });

  test.each([
    ['is NULL', 'SELECT NULL::text AS answer'],
    ['has no row', "SELECT 'x' AS answer WHERE false"],
  ])('that %s is none', async (_, text) => {
    for (let round = 0; round < 3; round += 1) expect(await read(text)).toBeUndefined();
    expect((await read("SELECT 'x' AS answer"))?.toString()).toBe('x');
  });

  test('that fails is refused, and the next on the connection is answered', async () => {
    for (let round = 0; round < 3; round += 1) {
      await expect(read("SELECT repeat('x', $1::int) || 1 / $2::int AS answer", ['9', '0'])).rejects.toThrow(/refused/);
      expect((await read(TEXT, ['7']))?.toString()).toBe(longText(7));
    }
  });

  test('is not given to who is not told', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => read(TEXT, [String(n * 500)], tellingIf(n % 3 > 0))),
    );
    expect(all.map(({ status }) => status === 'fulfilled')).toEqual(all.map((_, n) => n % 3 > 0));
    for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

/** Messages as the server sends them. */
const message = (kind: string, body: string): Buffer => {
  const bytes = Buffer.alloc(5 + body.length, body.padStart(5 + body.length), 'latin1');
  bytes.write(kind, 0, 'latin1');
  bytes.writeInt32BE(4 + body.length, 1);
  return bytes;
};

test('wherever the network cuts what the server sends, each byte reaches whom it is for', () => {
  const sent = ['T:fields', 'D:not mine', 'C:first', 'D:row 1', 'D:row 2', 'C:second', 'D:theirs', 'Z:I', 'C:third'];
  const bytes = Buffer.concat(sent.map((text) => message(text[0] ?? '', text.slice(2))));
  for (let size = 1; size <= bytes.length; size += 1) {
    const socket = new RowSocket();
    const taken: string[] = [];
    const heard: Buffer[] = [];
    socket.on('data', (piece: Buffer) => {
      heard.push(piece);
      if (taken.length === 0 && Buffer.concat(heard).toString('latin1').endsWith('first'))
        socket.takeRows((row) => taken.push(row.toString('latin1')));
    });
    for (let at = 0; at < bytes.length; at += size) socket.came(Buffer.from(bytes.subarray(at, at + size)));
    socket.destroy();
    expect(taken).toEqual(['row 1', 'row 2']);
    const others = sent.filter((text) => !text.startsWith('D:row'));
    expect(Buffer.concat(heard)).toEqual(Buffer.concat(others.map((text) => message(text[0] ?? '', text.slice(2)))));
  }
});
