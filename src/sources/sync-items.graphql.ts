import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { countOf } from '../graphql/values.ts';
import { syncItems } from './sync-items.read.ts';

const SyncItem = defineEntity(syncItems);

const SyncItemFault = faultType('SyncItemFault', 'Why an item could not be read. It is tried again.');

builder.objectFields(SyncItem, (t) => ({
  size: t.float({
    nullable: true,
    description: 'Its size in bytes, as the place tells it.',
    resolve: (row) => countOf(row, 'size'),
  }),
  error: t.field({
    type: SyncItemFault,
    nullable: true,
    description: 'Why it could not be read.',
    resolve: keptFault,
  }),
}));
