/** Of every type: what a person changed stays while files say what they said, and ends when they say something else. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { importRecords } from '../../../src/ingest/run.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/kernel/json.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { fieldOf, keyNumber, MUTABLE_TYPES } from '../../support/mutable-types.ts';
import { documentsOf } from '../../support/mutation-documents.ts';
import { seedReferred } from '../../support/mutation-world.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

beforeAll(() => seedReferred(database.owner));

const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Another value of the same kind that passes the field's rules. */
function other(name: string, value: unknown, step: 1 | 2): unknown {
  if (typeof value === 'number') return name === 'engagementRate' ? value + step / 4 : value + step;
  if (isJsonObject(value)) return { ...value, note: `by ${step}`, found: step + 10 };
  const texts: Record<string, readonly string[]> = {
    department: ['SALES', 'SMM'],
    status: ['COMPLETED', 'COMPLETED'],
    analysisType: ['VALIDATION', 'PHASE_REPORT'],
  };
  if (/Date$|lastUpdated/.test(name)) return `2025-04-0${step}T00:00:00.000Z`;
  return texts[name]?.[step - 1] ?? `${String(value)} ${step}`;
}

describe.each(MUTABLE_TYPES)('$type', (mutable) => {
  const { type, table, keyColumn, values, dataset } = mutable;
  const documents = documentsOf(mutable);
  // References must be there, and are tried by themselves elsewhere; an address has one form only.
  const edited = Object.keys(values).filter((name) => !/(Id|assignedTo)$/.test(name));

  test('each field by itself', async () => {
    let filed = 0;
    /** The file says these values; a second record makes it another file each time. */
    const file = async (id: string, given: JsonObject): Promise<void> => {
      filed += 1;
      const said = Object.fromEntries(Object.entries(given).map(([name, value]) => [column(name), value]));
      const records = [
        { ...said, [keyColumn]: id },
        { ...said, [keyColumn]: keyNumber(mutable, 50 + filed) },
      ];
      const { status, rejected } = await importRecords(ingest, { dataset, records, actor: TESTER });
      expect({ status, rejected }).toEqual({ status: 'imported', rejected: 0 });
    };
    const said = JSON.parse(JSON.stringify(values)) as JsonObject;
    for (const [at, name] of edited.entries()) {
      const id = keyNumber(mutable, at);
      await file(id, said);
      const mine = other(name, values[name], 1);
      const answer = await ask(documents.update, { key: id, patch: { [name]: mine } });
      expect({ name, codes: codesOf(answer) }).toEqual({ name, codes: [] });
      const shown = async () => {
        const again = await ask(documents.update, { key: id, patch: {} });
        return { name, value: dataAt(again, `update${type}.${fieldOf(mutable)}.${name}`) };
      };
      await file(id, said);
      expect(await shown()).toEqual({ name, value: mine });
      if (name === 'status') continue;
      const theirs = other(name, values[name], 2);
      await file(id, { ...said, [name]: theirs as JsonValue });
      expect(await shown()).toEqual({ name, value: theirs });
    }
    const { rows } = await database.owner.query(
      `SELECT count(*) FROM ${table} WHERE edited_values - 'metadata' - 'results' - 'status' <> '{}'`,
    );
    expect(Number(rows[0].count)).toBe(0);
  });
});
