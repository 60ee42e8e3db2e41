import { loaderFamily } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { keyOf } from '../graphql/values.ts';
import { addOrigin } from '../history/origin.graphql.ts';
import { channels, countQueued } from './channels.read.ts';

const Channel = defineEntity(channels);
addOrigin(Channel);

const queued = loaderFamily<number>();

builder.objectField(Channel, 'videosInQueue', (t) =>
  t.int({
    description: 'How many of its videos are queued, counted now.',
    resolve: (row, _given, context) => {
      const counts = queued(context, 'queued', () => (keys) => countQueued(context.reads.query, keys));
      return counts.load(keyOf(row, 'channel_id') ?? '');
    },
  }),
);
