/** Rows deleted and made by hand, as the mutations do it, of datasets that no type of the API has. */
import { writeSession } from '../../src/database/session.ts';
import { lockForHand, settleMade } from '../../src/ingest/by-hand.ts';
import { datasetNamed } from '../../src/ingest/match.ts';
import { deleteAll } from '../../src/ingest/mutations/delete-rows.ts';
import { insertAll } from '../../src/ingest/mutations/insert-rows.ts';
import type { Ingest } from '../../src/ingest/run.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { TESTER } from './database.ts';

export interface HandRows {
  readonly remove: (key: string) => Promise<void>;
  /** Makes a row of what is given, by column. */
  readonly make: (record: JsonObject) => Promise<void>;
}

/** Of the rows that this dataset fills. */
export function handRows(ingest: Ingest, name: string): HandRows {
  const dataset = datasetNamed(ingest, name);
  const { relations, database } = ingest;
  const [keyColumn = ''] = dataset.key;
  const mutable = { table: dataset.table, keyColumn, dataset, named: dataset.fields['name'] !== undefined };
  const { table, named } = mutable;
  return {
    remove: (key) =>
      writeSession(database.write, TESTER, async (session) => {
        await lockForHand(session, relations, table, true);
        const write = { ...session, registry: ingest, relations };
        await deleteAll(write, mutable, { keys: [key], dryRun: false, actor: TESTER.label });
      }),
    make: (record) =>
      writeSession(database.write, TESTER, async (session) => {
        await lockForHand(session, relations, table, true);
        await insertAll({ ...session, registry: ingest }, mutable, [record]);
        await settleMade(session, relations, { table, keys: [String(record[keyColumn])], named, formerNames: [] });
      }),
  };
}
