/** What can be done by hand to the types of the research context. */
import { defineMutations } from '../ingest/mutations/define-mutations.ts';
import dataset from './datasets/researches.ts';
import { nextResearchKey } from './research-key.ts';
import { researches } from './researches.read.ts';

defineMutations(researches, dataset, {
  keyRule: { description: 'The department’s next free one, such as RSH-VID-012, unless given.', make: nextResearchKey },
  example: {
    key: 'RSH-VID-001',
    input: '{ title: "Subtitles in practice", department: VID }',
    patch: '{ status: REVIEW }',
    where: '{ status: { equals: PLANNING } }',
  },
});
