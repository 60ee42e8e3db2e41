/** Who used far more than most goes behind them; nobody else does. */
import { describe, expect, test } from 'vitest';
import { createUsage } from '../../src/server/usage.ts';

function world() {
  let now = 0;
  const usage = createUsage(() => now, 2);
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  const use = (actor: string, milliseconds: number): void => {
    const end = usage.begin(actor);
    pass(milliseconds);
    end();
  };
  return { usage, pass, use };
}

describe('an actor', () => {
  test('who is alone is not heavy, whatever was used', () => {
    const { usage, use } = world();
    use('a', 60_000);
    expect(usage.isHeavy('a')).toBe(false);
  });

  test('who used far more than most is heavy, also by turns that still run, and is forgiven in time', () => {
    const { usage, pass, use } = world();
    for (const modest of ['a', 'b', 'c']) use(modest, 100);
    usage.begin('greedy');
    pass(400);
    expect(usage.isHeavy('greedy')).toBe(false);
    pass(1_600);
    expect(['greedy', 'a', 'b', 'c', 'new'].filter(usage.isHeavy)).toEqual(['greedy']);
    use('d', 50_000);
    use('e', 100);
    use('f', 100);
    pass(1);
    expect(usage.isHeavy('d')).toBe(true);
    pass(100_000);
    for (const modest of ['a', 'b', 'c']) use(modest, 100);
    expect(usage.isHeavy('d')).toBe(false);
  });

  test('of what was used for hours no more is held against anybody where nobody looked meanwhile', () => {
    const [looked, unseen] = [world(), world()];
    for (const { usage, pass, use } of [looked, unseen]) {
      const end = usage.begin('nightly');
      for (let minute = 0; minute < 60; minute += 1) {
        pass(60_000);
        if (usage === looked.usage) usage.rank('nightly');
      }
      end();
      for (const modest of ['a', 'b', 'c']) use(modest, 10);
      expect(usage.isHeavy('nightly')).toBe(true);
      pass(55_000);
      for (const modest of ['a', 'b', 'c']) use(modest, 10);
      expect(usage.isHeavy('nightly')).toBe(false);
    }
    expect(unseen.usage.rank('nightly')).toBe(looked.usage.rank('nightly'));
  });

  test('is not heavy where most use as much', () => {
    const { usage, use } = world();
    for (let round = 0; round < 3; round += 1) for (const actor of ['a', 'b', 'c', 'd']) use(actor, 1_200);
    expect(['a', 'b', 'c', 'd'].filter(usage.isHeavy)).toEqual([]);
  });

  test('does not seem to use more because others take the processors', () => {
    const { usage, pass } = world();
    for (let turn = 0; turn < 7; turn += 1) usage.begin('greedy');
    const end = usage.begin('modest');
    pass(4_000);
    end();
    usage.begin('little')();
    // Two processors, eight turns: what took four seconds is one second's work.
    expect(usage.rank('modest')).toBe(2);
    expect(['greedy', 'modest'].filter(usage.isHeavy)).toEqual(['greedy']);
  });

  test('ranks by powers of two', () => {
    const { usage, use } = world();
    expect(usage.rank('a')).toBe(0);
    use('a', 200);
    expect(usage.rank('a')).toBe(0);
    use('a', 400);
    expect(usage.rank('a')).toBe(2);
  });
});
