/** Keys are as they look. Rows that came in before characters that nobody sees were looked for may have others. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { toldUnseen, withoutUnseen } from '../ingest/fields/unseen.ts';
import { isLinkDataset } from '../ingest/relations.ts';
import { type Invariant, type Looked, type Looking, plural, TOLD, together } from './invariant.ts';

const BATCH = 1_000;

export const unseenKeys: Invariant = {
  name: 'keys as seen',
  holds: 'no key holds what nobody sees',
  advice:
    'Such a row came in before these characters were looked for: files now name the row without them. Give that row what only the other has (where none stands beside it, import a file that names it), then delete the one with the character: in the key of the mutation U+200B is written \\u200B.',
  isOfEarlierReleases: true,
  async look(looking) {
    const keyColumns = keyColumnsOf(looking);
    const looks = [];
    for (const [table, column] of keyColumns)
      if (looking.filled.has(table)) looks.push(await lookAt(looking, table, column));
    return together(plural(keyColumns.size, 'table'), looks);
  },
};

/** Of tables whose rows have one key; links hold those of the rows that they link. */
function keyColumnsOf({ registry }: Looking): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const dataset of registry.datasets.values()) {
    const [column] = dataset.key;
    if (column !== undefined && !isLinkDataset(dataset)) found.set(dataset.table, column);
  }
  return found;
}

async function lookAt({ client }: Looking, table: string, column: string): Promise<Omit<Looked, 'at'>> {
  const faults: string[] = [];
  let total = 0;
  for await (const keys of unusualKeys(client, table, column)) {
    const hidden = keys.filter((key) => withoutUnseen(key) !== key);
    if (hidden.length === 0) continue;
    total += hidden.length;
    const told = hidden.slice(0, TOLD - faults.length);
    const beside = await standing(client, table, column, told.map(withoutUnseen));
    for (const key of told) {
      const seen = withoutUnseen(key);
      faults.push(
        `${table} ${toldUnseen(key)}: ${beside.has(seen) ? `${seen} stands beside it` : `no ${seen} stands beside it`}`,
      );
    }
  }
  return { faults, total };
}

/** Keys with anything but the letters and signs of ASCII, some at a time: in some houses they are most. */
async function* unusualKeys(client: pg.ClientBase, table: string, column: string): AsyncGenerator<readonly string[]> {
  const key = identifier(column);
  let last = '';
  for (;;) {
    const { rows } = await client.query<{ key: string }>(
      `SELECT ${key} AS key FROM ${identifier(table)} WHERE ${key} > $1 AND ${key} ~ '[^ -~]' ORDER BY ${key} LIMIT ${BATCH}`,
      [last],
    );
    yield rows.map((row) => row.key);
    const end = rows.at(-1);
    if (end === undefined || rows.length < BATCH) return;
    last = end.key;
  }
}

async function standing(
  client: pg.ClientBase,
  table: string,
  column: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const key = identifier(column);
  const sql = `SELECT ${key} AS key FROM ${identifier(table)} WHERE ${key} = ANY($1::text[])`;
  const { rows } = await client.query<{ key: string }>(sql, [keys]);
  return new Set(rows.map((row) => row.key));
}
