/** Whoever asks much waits for its own turns, and nobody else does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTurns, type TurnLimits } from '../../src/server/turns.ts';
import type { Usage } from '../../src/server/usage.ts';

const LIMITS: TurnLimits = {
  places: 8,
  heavyPlaces: 2,
  heavyRest: 0,
  heavyTurn: 0,
  waiting: 20,
  waitingBytes: 1_000,
  patience: 60_000,
};
const here = new AbortController().signal;

/** Heavy are those whose name says so. */
const usage: { -readonly [Part in keyof Usage]: Usage[Part] } = {
  begin: () => () => undefined,
  rank: (actor) => (actor.startsWith('heavy') ? 3 : 0),
  isHeavy: (actor) => actor.startsWith('heavy'),
};

function world(limits: Partial<TurnLimits> = {}) {
  const turns = createTurns({ ...LIMITS, ...limits }, usage);
  const running: { readonly name: string; readonly actor: string; readonly end: () => void }[] = [];
  const ask = (actor: string, name = actor, { size = 0, left = here } = {}): Promise<void> => {
    const done = Promise.withResolvers<void>();
    const cut = () => done.reject(new Error(`${name} was cut short`));
    const asked = turns.run({ actor, size, left, cut }, async () => {
      const one = { name, actor, end: done.resolve };
      running.push(one);
      await done.promise.finally(() => running.splice(running.indexOf(one), 1));
    });
    // What a test leaves waiting is refused a minute later, while another test runs.
    asked.catch(() => undefined);
    return asked;
  };
  const of = (actor: string): number => running.filter((one) => one.actor === actor).length;
  const end = async (actor: string): Promise<void> => {
    running.find((one) => one.actor === actor)?.end();
    await sleep(0);
  };
  return { ask, of, end, running };
}
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (thrown) => thrown.code,
  );

describe('an actor', () => {
  test('who asks for everything leaves places to others, and gets more when one is free', async () => {
    const { ask, of, end } = world();
    for (let n = 0; n < 20; n += 1) void ask('greedy');
    await sleep(0);
    expect(of('greedy')).toBe(4);
    void ask('modest');
    await sleep(0);
    expect(of('modest')).toBe(1);
    await end('greedy');
    expect(of('greedy')).toBe(3);
    await end('modest');
    expect(of('greedy')).toBe(4);
  });

  test('never waits for as many others as there are places to share', async () => {
    const { ask, of } = world();
    for (const greedy of ['a', 'b', 'c']) for (let n = 0; n < 20; n += 1) void ask(greedy);
    void ask('modest');
    await sleep(0);
    expect(of('modest')).toBe(1);
  });

  test('leaves half of all places to those who have none, however many want everything', async () => {
    const { ask, of, end, running } = world();
    const greedy = ['a', 'b', 'c'];
    for (const actor of greedy) for (let n = 0; n < 20; n += 1) void ask(actor);
    for (let n = 0; n < 20; n += 1) await end(greedy[n % 3] ?? '');
    expect(running.length).toBe(4);
    for (const modest of ['w', 'x', 'y', 'z']) void ask(modest);
    await sleep(0);
    expect(['w', 'x', 'y', 'z'].map(of)).toEqual([1, 1, 1, 1]);
  });

  test('with fewer turns is next, and among equals the one served longest ago', async () => {
    const { ask, end, running } = world({ places: 1 });
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) void ask(name.slice(0, 1), name);
    const order: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      await sleep(0);
      const [one] = running;
      order.push(one?.name ?? 'none');
      await end(one?.actor ?? '');
    }
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  test('is refused one more than may wait, and more bytes than may', async () => {
    const { ask, of, running } = world({ places: 1, waiting: 2 });
    void ask('a');
    void ask('a', 'first', { size: 5_000 });
    expect(await codeOf(ask('a', 'second', { size: 1 }))).toBe('RATE_LIMITED');
    void ask('a', 'third');
    expect(await codeOf(ask('a'))).toBe('RATE_LIMITED');
    expect(of('a')).toBe(1);
    while (running.length > 0) {
      running[0]?.end();
      await sleep(1);
    }
    expect(await codeOf(Promise.race([ask('a'), sleep(5)]))).toBe('answered');
  });

  test('is refused when its turn does not come in time', async () => {
    const { ask } = world({ places: 1, patience: 20 });
    void ask('a');
    expect(await codeOf(ask('b'))).toBe('RATE_LIMITED');
  });

  test('who leaves waits no more', async () => {
    const { ask, end, of } = world({ places: 1, waiting: 1 });
    void ask('a');
    const leaving = new AbortController();
    const left = codeOf(ask('b', 'b', { left: leaving.signal }));
    leaving.abort();
    expect(await left).toBe('INTERRUPTED');
    void ask('c');
    await end('a');
    expect([of('b'), of('c')]).toEqual([0, 1]);
  });
});

describe('those who used far more than most', () => {
  test('hold few places together, and are behind everyone else who waits', async () => {
    const { ask, of, end, running } = world({ places: 4 });
    for (const heavy of ['heavy a', 'heavy b', 'heavy c']) void ask(heavy);
    await sleep(0);
    expect(running.length).toBe(2);
    for (const modest of ['w', 'x', 'y', 'z']) void ask(modest);
    await sleep(0);
    expect(running.map(({ actor }) => actor)).toEqual(['heavy a', 'heavy b', 'w', 'x']);
    await end('heavy a');
    await end('w');
    expect(['y', 'z', 'heavy c'].map(of)).toEqual([1, 1, 0]);
    await end('heavy b');
    expect(of('heavy c')).toBe(1);
  });

  test('rest after a turn of theirs, while others need not', async () => {
    const { ask, of, end } = world({ places: 1, heavyPlaces: 1, heavyRest: 10 });
    void ask('heavy', 'first');
    void ask('heavy', 'second');
    await sleep(30);
    await end('heavy');
    expect(of('heavy')).toBe(0);
    void ask('modest');
    expect(of('modest')).toBe(1);
    await end('modest');
    await expect.poll(() => of('heavy')).toBe(1);
  });

  test('who come back while they rest, and nobody else is about, have their turn after it', async () => {
    const { ask, of, end } = world({ places: 1, heavyPlaces: 1, heavyRest: 10 });
    void ask('heavy', 'first');
    await sleep(60);
    await end('heavy');
    // The look that came after the first turn found nobody.
    await sleep(300);
    void ask('heavy', 'second');
    expect(of('heavy')).toBe(0);
    await expect.poll(() => of('heavy'), { timeout: 2_000 }).toBe(1);
  });

  test('who are forgiven while others’ turns last are served, though no turn ends', async () => {
    const { ask, of } = world({ heavyPlaces: 1 });
    void ask('heavy importer');
    void ask('heavy once');
    await sleep(0);
    expect([of('heavy importer'), of('heavy once')]).toEqual([1, 0]);
    const before: Usage['isHeavy'] = usage.isHeavy;
    onTestFinished(() => {
      usage.isHeavy = before;
    });
    usage.isHeavy = (actor) => actor === 'heavy importer';
    await expect.poll(() => of('heavy once'), { timeout: 2_000 }).toBe(1);
  });

  test('are cut short after a while where they hold more than that, the latest first', async () => {
    const { ask, running } = world({ heavyPlaces: 1, heavyTurn: 50 });
    const late: Usage['isHeavy'] = usage.isHeavy;
    usage.isHeavy = () => false;
    const asked = ['first', 'second', 'third'].map((name) => codeOf(ask('heavy', name)));
    usage.isHeavy = late;
    expect(running.length).toBe(3);
    await Promise.all(asked.slice(1));
    expect(running.map(({ name }) => name)).toEqual(['first']);
  });
});

test('a turn is given back when its work fails', async () => {
  const turns = createTurns({ ...LIMITS, places: 1 });
  const ask = (work: () => Promise<string>) => turns.run({ actor: 'a', size: 0, left: here }, work);
  await expect(ask(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await ask(async () => 'yes')).toBe('yes');
});
