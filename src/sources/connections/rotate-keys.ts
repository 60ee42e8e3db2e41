/** Everything that is sealed, sealed anew with the first key: after that the others can be taken out of use. */
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SealedPlace } from '../../kernel/keyring.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { secretPlace } from '../webhooks/webhooks.write.ts';

/** A column of sealed values; its rows are named by `key`. */
interface Sealed {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly place: (row: string, owner: string) => SealedPlace;
  /** Where the table says itself by which key. */
  readonly also?: string;
}

const placeIn =
  (table: string, column: string) =>
  (row: string, owner: string): SealedPlace => ({ table, row, column, owner });

/** States of people on their way live for ten minutes: they are not sealed anew. */
const SEALED: readonly Sealed[] = [
  {
    ...{ table: 'source_secrets', key: 'source_id', column: 'sealed', also: ', key_id = $3' },
    place: placeIn('source_secrets', 'sealed'),
  },
  {
    ...{ table: 'source_states', key: 'source_id', column: 'hook_state' },
    place: placeIn('source_states', 'hook_state'),
  },
  { table: 'webhook_endpoints', key: 'webhook_id', column: 'sealed_secret', place: secretPlace },
];

/** Rows of one transaction: what is done stays done if it is interrupted, and tokens are not kept waiting for long. */
const BATCH = 50;

export interface Rotated {
  /** The key that seals everything now. */
  readonly keyId: string;
  /** Values that were sealed with another one. */
  readonly count: number;
}

/**
 * Seals anew what another key than the first has sealed. It may be interrupted, and run beside servers that know both keys.
 * @throws AppError SECRET_UNREADABLE where the key of one is missing
 */
export async function rotateKeys({ database, keyring }: Pick<SourcesHouse, 'database' | 'keyring'>): Promise<Rotated> {
  const keyId = await keyring.writes();
  let count = 0;
  for (const sealed of SEALED) {
    for (;;) {
      const done = await writeSession(database.write, HOUSEKEEPER, ({ query }) =>
        sealAnew(query, keyring, sealed, keyId),
      );
      count += done;
      if (done < BATCH) break;
    }
  }
  return { keyId, count };
}

async function sealAnew(
  query: Query,
  keyring: SourcesHouse['keyring'],
  { table, key, column, place, also = '' }: Sealed,
  keyId: string,
): Promise<number> {
  const rows = await query<{ row: string; owner_id: string; value: string }>(
    `sealed in ${table}`,
    `SELECT ${key} AS row, owner_id, ${column} AS value
       FROM ${table}
      WHERE ${column} IS NOT NULL AND split_part(${column}, '.', 2) <> $1
      ORDER BY id
      LIMIT ${BATCH}
        FOR UPDATE`,
    [keyId],
  );
  for (const { row, owner_id: owner, value } of rows) {
    const anew = await keyring.seal(await keyring.open(value, place(row, owner)), place(row, owner));
    await query(`sealed anew in ${table}`, `UPDATE ${table} SET ${column} = $2${also} WHERE ${key} = $1`, [
      row,
      anew,
      ...(also === '' ? [] : [keyId]),
    ]);
  }
  return rows.length;
}
