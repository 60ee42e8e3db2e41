import { defineJob } from '../../../../bench/job.ts';

export default defineJob({
  name: 'small/met',
  measures: 'nothing, twice as fast',
  unit: 'requests/s',
  better: 'more',
  targets: [
    { kind: 'ratio', against: 'slow', atLeast: 2 },
    { kind: 'bound', figure: 'p99 ms', atMost: 5 },
    { kind: 'ratio', against: 'absent', atLeast: 1 },
  ],
  open: async () => ({
    contenders: [
      { name: 'Cairn', role: 'subject', statements: 1, run: async () => ({ value: 20, figures: { 'p99 ms': 4 } }) },
      { name: 'slow', role: 'peer', run: async () => ({ value: 10 }) },
      { name: 'absent', role: 'peer', missing: 'absent is not installed' },
    ],
    versions: { slow: '1.2.3' },
  }),
});
