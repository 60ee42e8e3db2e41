/** The mutation that makes and changes many rows by their keys. */
import { builder } from '../../graphql/builder.ts';
import { entityRef } from '../../graphql/entities.ts';
import { AppError } from '../../kernel/errors.ts';
import { byHand, handWrite } from './hand-write.ts';
import type { MutationInputs } from './inputs.ts';
import type { Mutable } from './mutable.ts';
import { rowLeft } from './single.ts';
import { type Outcome, upsertRows, type Written } from './write-rows.ts';

/** More come as a file or as an import of records. */
const MOST_RECORDS = 1_000;

const WriteOutcome = builder.enumType('WriteOutcome', {
  description: 'What became of one record.',
  values: {
    CREATED: { value: 'created', description: 'Its key was new: a row was made.' },
    UPDATED: { value: 'updated', description: 'Its row was changed.' },
    UNCHANGED: { value: 'unchanged', description: 'Its row was so already: nothing was written.' },
  } as const,
});

interface Upserted {
  readonly results: readonly Written[];
}

export function defineUpsert(mutable: Mutable, { record }: MutationInputs): void {
  const { reads, plural, words, key, example } = mutable;
  const field = reads.type.charAt(0).toLowerCase() + reads.type.slice(1);
  const Result = builder.objectRef<Written>(`Upserted${reads.type}`).implement({
    description: `What became of one record of the ${words}.`,
    fields: (t) => ({
      outcome: t.field({ type: WriteOutcome, description: 'What became of it.', resolve: ({ outcome }) => outcome }),
      [key.name]: t.exposeID('key', { description: 'The key of the row.' }),
      [field]: t.field({
        type: entityRef(reads.type),
        description: 'The row.',
        resolve: (written, _given, context, info) => rowLeft(mutable, context, written.key, info),
      }),
    }),
  });
  const count = (outcome: Outcome) => (upserted: Upserted) =>
    upserted.results.filter((result) => result.outcome === outcome).length;
  const Payload = builder.objectRef<Upserted>(`Upsert${plural}Payload`).implement({
    description: 'What became of the records: created + updated + unchanged are all of them.',
    fields: (t) => ({
      created: t.int({ description: 'Records that became new rows.', resolve: count('created') }),
      updated: t.int({ description: 'Records that changed a row.', resolve: count('updated') }),
      unchanged: t.int({ description: 'Records that said what was known.', resolve: count('unchanged') }),
      results: t.field({
        type: [Result],
        description: 'Each record, in their order.',
        resolve: ({ results }) => results,
      }),
    }),
  });
  builder.mutationField(`upsert${plural}`, (t) =>
    t.field({
      ...byHand(reads.scope),
      type: Payload,
      description: `Makes or changes ${words} by their keys, all of them or none: faults name the record and the field, such as \`records.3.${key.name}\`. Example: \`upsert${plural}(records: [${example.record}]) { created updated unchanged }\`.`,
      args: {
        records: t.arg({ type: [record], required: true, description: `The records, ${MOST_RECORDS} at most.` }),
      },
      complexity: ({ records }) => ({ field: 1, multiplier: Math.max(1, records.length) }),
      resolve: (_root, { records }, context, info) => {
        if (records.length > MOST_RECORDS)
          throw new AppError('LIMIT_EXCEEDED', `\`records\` takes ${MOST_RECORDS} at most`, {
            path: 'records',
            hint: 'Send them in several requests, or import them with importRecords.',
          });
        return handWrite(context, info, async (write) => ({ results: await upsertRows(write, mutable, records) }));
      },
    }),
  );
}
