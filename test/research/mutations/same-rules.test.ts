/** What a file may not say a person may not either, and both are told why by the same code. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { importRecords } from '../../../src/ingest/run.ts';
import type { JsonValue } from '../../../src/kernel/json.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, graphqlOver } from '../../support/graphql.ts';
import { keyNumber, MUTABLE_TYPES } from '../../support/mutable-types.ts';
import { documentsOf, faultsOf } from '../../support/mutation-documents.ts';
import { seedReferred } from '../../support/mutation-world.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const registry = await loadRegistry();
const ingest = { ...registry, database, log: silentLog() };

beforeAll(() => seedReferred(database.owner));

/** `createdDate` is `created_date` in files. */
const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe.each(MUTABLE_TYPES)('$type', (mutable) => {
  const { type, key, keyColumn, values, dataset } = mutable;
  const documents = documentsOf(mutable);

  async function codeFromFile(name: string, value: unknown): Promise<unknown> {
    const record = Object.fromEntries(
      Object.entries({ ...values }).map(([each, given]) => [column(each), given as JsonValue]),
    );
    const records = [{ ...record, [keyColumn]: keyNumber(mutable, 1), [name]: value as JsonValue }];
    const { rejected } = await importRecords(ingest, { dataset, records, actor: TESTER });
    expect(rejected).toBe(1);
    const { rows } = await database.owner.query('SELECT errors FROM rejects ORDER BY id DESC LIMIT 1');
    return rows[0].errors[0].code;
  }

  test.each(mutable.bad)('a bad %s is refused alike', async (name, named, value, code) => {
    expect(await codeFromFile(named, value)).toBe(code);
    const input = { [key]: keyNumber(mutable, 1), ...values, [name]: value };
    const created = await ask(documents.create, { input });
    expect(created.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    const [fault] = faultsOf(created);
    expect(fault?.path.startsWith(`input.${name}`) && fault.code).toBe(code);
    const many = await ask(documents.upsert, {
      records: [
        { ...input, [name]: values[name] },
        { ...input, [key]: keyNumber(mutable, 2) },
      ],
    });
    const [other] = faultsOf(many);
    expect(other?.path.startsWith(`records.1.${name}`) && other.code).toBe(code);
    expect(
      (await database.owner.query(`SELECT FROM ${mutable.table} WHERE ${keyColumn} = $1`, [input[key]])).rowCount,
    ).toBe(0);
  });

  test('a key that is too long, or missing, is refused', async () => {
    const input = { [key]: 'x'.repeat(201), ...values };
    const answer = await ask(documents.create, { input });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors?.[0]?.extensions['argument']).toBe(`input.${key}`);
    expect(codesOf(await ask(documents.create, { input: { ...input, [key]: ' ' } }))).toEqual(
      ['Research', 'Employee'].includes(type) ? [] : ['BAD_USER_INPUT'],
    );
  });

  test('all faults of one input are told together', async () => {
    const bad = new Map(mutable.bad.map(([name, , value]) => [name, value]));
    const answer = await ask(documents.create, {
      input: { [key]: keyNumber(mutable, 3), ...values, ...Object.fromEntries(bad) },
    });
    expect(new Set(faultsOf(answer).map(({ path }) => path.split('.')[1]))).toEqual(new Set(bad.keys()));
  });

  const references = ['researcherId', 'channelId', 'assignedTo', 'researchId', 'videoId'].filter(
    (name) => name in values && name !== key,
  );
  test.each(references)('%s must be there', async (name) => {
    const nobody = name === 'researchId' ? 'RSR-999' : 'nobody';
    const answer = await ask(documents.create, { input: { [key]: keyNumber(mutable, 4), ...values, [name]: nobody } });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: `input.${name}`, code: 'CONSTRAINT' }],
    });
  });
});
