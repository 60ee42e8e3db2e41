import { defineJob } from '../../../../bench/job.ts';

export default defineJob({
  name: 'small/missed',
  measures: 'nothing, too slowly',
  unit: 'ms',
  better: 'less',
  targets: [{ kind: 'bound', atMost: 1 }],
  open: async () => ({ contenders: [{ name: 'Cairn', role: 'subject', run: async () => ({ value: 2 }) }] }),
});
