/** Rows of earlier releases whose keys are not as they look are found, and told so that one sees why. */
import { expect, test } from 'vitest';
import { registryOf } from '../../src/ingest/registry.ts';
import { checkInvariants } from '../../src/invariants/check-invariants.ts';
import { unseenKeys } from '../../src/invariants/unseen-keys.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

async function look() {
  const looking = { registry: registryOf(SMALL_DATASETS), only: [unseenKeys] };
  for await (const found of checkInvariants(database.write, looking)) return found;
  return undefined;
}

test('each is told with what nobody sees, and whether the one that looks the same stands beside it', async () => {
  await database.owner.query(
    `INSERT INTO employees (employee_id, name) VALUES
       ('e1\u200B', 'A'), ('e1', 'A'), ('a\u2060nn', 'A'), ('کار\u200Cها', 'A'), ('کارها', 'A'), ('1\u20E3', 'A'), (E'b\\x07', 'A'),
       ('علی\u200Cآباد', 'shows'), ('👩\u200D💻', 'shows'), ('Zoë', 'shows')`,
  );
  const found = await look();
  expect([found?.total, [...(found?.faults ?? [])].sort()]).toEqual([
    5,
    [
      'employees 1‹U+20E3›: no 1\uFE0F\u20E3 stands beside it',
      'employees a‹U+2060›nn: no ann stands beside it',
      'employees b‹U+0007›: no b stands beside it',
      'employees e1‹U+200B›: e1 stands beside it',
      'employees کار‹U+200C›ها: کارها stands beside it',
    ],
  ]);
});

test('the one with the character is deleted as is advised, and what looks like it stays', async () => {
  const answer = await api.ask('mutation { deleteEmployee(employeeId: "e1\\u200B") { consequences { table } } }');
  expect(answer.errors).toEqual([]);
  const { rows } = await database.owner.query("SELECT employee_id FROM employees WHERE employee_id LIKE 'e1%'");
  expect(rows).toEqual([{ employee_id: 'e1' }]);
  expect((await look())?.total).toBe(4);
});

test('all are counted where there are more than are told', async () => {
  await database.owner.query(
    "INSERT INTO channels (channel_id, name) SELECT 'many \u00AD' || n, 'M' FROM generate_series(1, 2500) n",
  );
  const found = await look();
  expect([found?.total, found?.faults.length]).toEqual([2_504, 20]);
});
