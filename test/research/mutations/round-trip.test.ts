/** What every type that can be changed by hand promises of one row. */
import { parse, validate } from 'graphql';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { fieldOf, keyNumber, MUTABLE_TYPES } from '../../support/mutable-types.ts';
import { documentsOf } from '../../support/mutation-documents.ts';
import { seedReferred } from '../../support/mutation-world.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const schema = await loadSchema();

beforeAll(() => seedReferred(database.owner));

// Every test has a row of its own.
let number = 0;
beforeEach(() => {
  number += 1;
});

describe.each(MUTABLE_TYPES)('$type', (mutable) => {
  const { type, table, key, keyColumn, values, patch, clearable } = mutable;
  const documents = documentsOf(mutable);
  const row = fieldOf(mutable);
  let id = '';
  beforeEach(() => {
    id = keyNumber(mutable, number);
  });
  const create = (input: object = {}) => ask(documents.create, { input: { [key]: id, ...values, ...input } });
  const update = (given: object, ifVersion?: number) => ask(documents.update, { key: id, patch: given, ifVersion });
  const stored = async () =>
    (await database.owner.query(`SELECT * FROM ${table} WHERE ${keyColumn} = $1`, [id])).rows[0];

  test('what is given comes back, and each change names who made it', async () => {
    const created = dataAt(await create(), `create${type}`);
    expect(created).toMatchObject({ changed: true, [row]: { ...values, [key]: id, version: 1 } });
    const updated = dataAt(await update(patch, 1), `update${type}`);
    expect(updated).toMatchObject({ changed: true, [row]: { ...values, ...patch, version: 2 } });
    const removed = dataAt(await ask(documents.remove, { key: id, ifVersion: 2 }), `delete${type}`);
    const made = dataAt({ data: created }, `${row}.id`);
    expect(removed).toMatchObject({ deletedId: made, [key]: id, dryRun: false });
    expect(await stored()).toBeUndefined();
    const { rows } = await database.owner.query(
      'SELECT operation, changed_by FROM change_log WHERE table_name = $1 AND record_id = $2 ORDER BY id',
      [table, id],
    );
    expect(rows).toEqual(['insert', 'update', 'delete'].map((operation) => ({ operation, changed_by: TESTER.label })));
  });

  test('a patch that changes nothing writes nothing; null clears what may be empty, and nothing else', async () => {
    await create();
    const before = await stored();
    expect(dataAt(await update({ ...values }), `update${type}`)).toMatchObject({
      changed: false,
      [row]: { version: 1 },
    });
    expect(dataAt(await update({}), `update${type}.changed`)).toBe(false);
    expect(await stored()).toEqual(before);
    const cleared = dataAt(await update({ [clearable]: null }), `update${type}`);
    expect(cleared).toMatchObject({ changed: true, [row]: { [clearable]: null, version: 2 } });
    for (const needed of mutable.needed) {
      const answer = await update({ [needed]: null });
      expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.extensions).toMatchObject({
        argument: `patch.${needed}`,
        faults: [{ path: `patch.${needed}`, code: 'MISSING' }],
      });
    }
  });

  test('a change undone is the row as it was', async () => {
    await create();
    const { updated_at: _at, updated_date: _date, ...before } = await stored();
    await update(patch);
    const back = Object.fromEntries(Object.keys(patch).map((name) => [name, values[name]]));
    await update(back);
    expect(await stored()).toMatchObject({ ...before, version: 3 });
  });

  test('a key that exists, a row that does not, and another version are told apart', async () => {
    await create();
    const again = await create();
    expect(codesOf(again)).toEqual(['CONFLICT']);
    expect(again.errors?.[0]?.extensions['argument']).toBe(`input.${key}`);
    const stale = await update(patch, 7);
    expect(codesOf(stale)).toEqual(['CONFLICT']);
    expect(stale.errors?.[0]?.message).toContain('version 1');
    expect(codesOf(await ask(documents.remove, { key: id, ifVersion: 2 }))).toEqual(['CONFLICT']);
    expect(codesOf(await ask(documents.remove, { key: 'none' }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await ask(documents.update, { key: 'none', patch }))).toEqual(['NOT_FOUND']);
    expect(await stored()).toMatchObject({ version: 1 });
  });

  test('of many who saw one version, one changes it', async () => {
    await create();
    const answers = await Promise.all(Array.from({ length: 6 }, () => update(patch, 1)));
    const codes = answers.map((answer) => codesOf(answer)[0]);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    expect(codes.filter((code) => code === 'CONFLICT')).toHaveLength(5);
    expect(await stored()).toMatchObject({ version: 2 });
  });

  test('the examples of the descriptions do what they say', async () => {
    const { plural } = mutable;
    const names = [
      `create${type}`,
      `update${type}`,
      `delete${type}`,
      `upsert${plural}`,
      `update${plural}`,
      `delete${plural}`,
    ];
    for (const name of names) {
      const description = schema.getMutationType()?.getFields()[name]?.description ?? '';
      expect(description).toContain('Needs the role editor');
      const example = /Example: `(.+?)`\./.exec(description)?.[1] ?? '';
      const document = `mutation { ${example} }`;
      expect(validate(schema, parse(document))).toEqual([]);
      // The example's row is the only one of its type and department: it is number one.
      expect({ name, errors: (await ask(document)).errors }).toEqual({ name, errors: undefined });
    }
  });
});
