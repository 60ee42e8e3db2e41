/** Crash points do nothing until they are told to, and what they are told is understood or refused. */
import { expect, test } from 'vitest';
import { readConfig } from '../../src/kernel/config.ts';
import { crashPoint, crashPointLines, readCrashSetting } from '../../src/kernel/crash-point.ts';

test('a crash point that nobody armed does nothing', () => {
  expect(crashPoint('import.batch')).toBeUndefined();
});

test.each([
  ['import.batch:2', { at: { name: 'import.batch', hit: 2, pause: false } }],
  ['import.batch:2:pause', { at: { name: 'import.batch', hit: 2, pause: true } }],
  ['trace', {}],
])('CAIRN_CRASH=%s is understood', (text, setting) => {
  const faults: string[] = [];
  expect(readCrashSetting(text, faults)).toEqual(setting);
  expect(faults).toEqual([]);
});

test.each(['import.batch', 'import.batch:0', 'no.such.point:1', 'toString:1', 'import.batch:1:stop'])(
  'CAIRN_CRASH=%s is refused with the other faulty settings',
  (text) => {
    expect(() => readConfig({ CAIRN_CRASH: text, PORT: 'x' })).toThrow(/PORT.*CAIRN_CRASH/s);
  },
);

test('what a process told of its crash points is read from between its other lines', () => {
  expect(crashPointLines('a line\ncrash point import.batch:2\ncrash point no.such:1\n')).toEqual([
    { name: 'import.batch', hit: 2 },
  ]);
});
