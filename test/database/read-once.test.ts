/** A read of one statement is a session of its own, in one message there and one back. */
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ACTOR, actorValues } from '../../src/database/actors-query.ts';
import { readOnce } from '../../src/database/read-once.ts';
import { readSession } from '../../src/database/session.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';

const database = await useTestDatabase();

const actorNamed = (label: string): Actor => ({ ...TESTER, label });
const WHO = "SELECT $1::text AS asked, current_setting('cairn.actor') AS actor";
const ask = (actor: Actor, text = WHO, values: readonly unknown[] = [actor.label]) =>
  readOnce(database.read, actor, { label: 'test', text, values });

describe('a statement on its own', () => {
  test('knows its actor, however many ask at once', async () => {
    const labels = Array.from({ length: 50 }, (_, n) => `user:${n}`);
    const rows = await Promise.all(labels.map((label) => ask(actorNamed(label))));
    expect(rows).toEqual(labels.map((label) => [{ asked: label, actor: label }]));
  });

  test('leaves no actor behind on its connection', async () => {
    await Promise.all(Array.from({ length: 10 }, () => ask(TESTER)));
    const left = await Promise.all(
      Array.from({ length: 10 }, () => database.read.query("SELECT current_setting('cairn.actor', true) AS actor")),
    );
    for (const { rows } of left) expect(rows).toEqual([{ actor: '' }]);
  });

  test.each([
    ['writes', "INSERT INTO employees (employee_id, name) VALUES ('X', 'Y')", /read-only/],
    ['is no SQL', 'SELEC', /syntax/],
    ['fails on its way', 'SELECT 1 / (n - 3) FROM generate_series(1, 5) n', /refused a value/],
  ])(
    'that %s is refused, and the next one on the connection is answered to its own actor',
    async (_, text, message) => {
      for (let round = 0; round < 2; round += 1) {
        await expect(ask(actorNamed('user:a'), text, [])).rejects.toThrow(message);
        expect(await ask(actorNamed('user:b'))).toEqual([{ asked: 'user:b', actor: 'user:b' }]);
        const inSession = await readSession(database.read, TESTER, (query) => query('who', WHO, ['x']));
        expect(inSession).toEqual([{ asked: 'x', actor: TESTER.label }]);
      }
    },
  );

  test('has the transaction of every read: one snapshot, read only', async () => {
    const text = `SELECT current_setting('transaction_isolation') AS isolation, current_setting('transaction_read_only') AS read_only`;
    expect(await ask(TESTER, text, [])).toEqual([{ isolation: 'repeatable read', read_only: 'on' }]);
  });

  test('is all that is sent, once its connection has told an actor', async () => {
    await ask(TESTER);
    const recording = recordQueries(database.read);
    await ask(TESTER);
    expect(recording.all()).toEqual([WHO]);
    recording.stop();
  });

  test('gives nothing where what tells the actor gives no row, and the next on the connection is answered', async () => {
    const telling = (isTold: boolean) => ({
      name: 'told if',
      text: `${ACTOR.text} WHERE $4`,
      values: [...actorValues(actorNamed('user:c')), String(isTold)],
    });
    const askIf = (isTold: boolean, text = WHO, values: readonly unknown[] = ['x']) =>
      readOnce(database.read, TESTER, { label: 'test', text, values }, undefined, telling(isTold));
    for (let round = 0; round < 2; round += 1) {
      await expect(askIf(false)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(askIf(false, 'SELECT 1 / 0', [])).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await askIf(true)).toEqual([{ asked: 'x', actor: 'user:c' }]);
      await expect(askIf(true, 'SELEC', [])).rejects.toThrow(/syntax/);
      expect(await ask(actorNamed('user:b'))).toEqual([{ asked: 'user:b', actor: 'user:b' }]);
    }
    const all = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => askIf(n % 3 > 0)));
    expect(all.map(({ status }) => status === 'fulfilled')).toEqual(all.map((_, n) => n % 3 > 0));
  });

  test('many rows of many columns are given as a session gives them', async () => {
    const text = `SELECT n AS number, n::bigint AS big, n / 3.0::float8 AS float, now() AS at, json_build_object('n', n) AS json,
                         CASE WHEN n % 2 = 0 THEN 'é' || n END AS text FROM generate_series(1, 500) n`;
    const [alone, inSession] = [
      await ask(TESTER, text.replace('now()', "timestamptz '2025-01-01'"), []),
      await readSession(database.read, TESTER, (query) =>
        query('many', text.replace('now()', "timestamptz '2025-01-01'")),
      ),
    ];
    expect(alone).toHaveLength(500);
    expect(alone).toEqual(inSession);
  });
});

test('whoever sends ever other texts fills no connection with what was prepared for them', async () => {
  const pool = new pg.Pool({ ...database.read.options, max: 1 });
  onTestFinished(() => pool.end());
  const asked = (text: string) =>
    readOnce<{ prepared: number }>(pool, TESTER, { label: 'test', text, values: [] }).then(
      ([row]) => row?.prepared ?? 0,
    );
  const most: number[] = [];
  for (let n = 0; n < 1_200; n += 100) {
    const texts = Array.from({ length: 100 }, (_, at) => `SELECT ${n + at} AS prepared`);
    await Promise.all([...texts, ...texts].map(asked));
    most.push(await asked('SELECT count(*)::int AS prepared FROM pg_prepared_statements'));
  }
  expect(Math.max(...most)).toBeGreaterThan(800);
  expect(most.at(-1)).toBeLessThan(300);
});
