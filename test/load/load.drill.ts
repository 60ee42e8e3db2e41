/** The load in small: every class of hostile client once, a few users beside them, and nothing left. */
import { expect, test } from 'vitest';
import { ATTACKS } from '../../bench/load/attacks/attacks.ts';
import { runLoads } from '../../bench/load/run.ts';
import { judged, textOf } from '../../bench/load/table.ts';

test('users are answered beside imports and hostile clients, and the run tells so', async () => {
  const notes: string[] = [];
  const found = await runLoads({
    seconds: 1,
    connections: 20,
    seed: 1,
    scale: 0.002,
    note: (text) => void notes.push(text),
  });
  const result = judged(found);
  expect(found.mixed?.users).toMatchObject({ errors: 0, told: [] });
  expect(found.mixed?.imports.rows).toBeGreaterThan(0);
  expect(found.attacked?.among).toMatchObject({ errors: 0, told: [] });
  expect(found.attacked?.hostile.attacks.map(({ name }) => name)).toEqual(ATTACKS.map(({ name }) => name));
  expect(found.attacked?.hostile.attacks.filter(({ tried, wrong }) => tried === 0 || wrong > 0)).toEqual([]);
  expect(found.attacked?.leftOver).toEqual({
    idleTransactions: 0,
    running: 0,
    subscriptions: 0,
    waiting: 0,
    unanswered: 0,
  });
  const text = textOf(result);
  for (const words of ['p99', 'Honest users among hostile clients', 'document: 6,000 aliases', 'met: no error'])
    expect(text).toContain(words);
}, 120_000);
