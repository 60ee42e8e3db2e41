import { builder } from '../graphql/builder.ts';
import type { Count } from './source-batches.ts';

/** Items counted by what they have in common. */
export const ItemCount = builder.objectRef<Count>('ItemCount').implement({
  description: 'How many items are alike.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What they have in common.' }),
    count: t.exposeInt('count', { description: 'How many they are.' }),
  }),
});
