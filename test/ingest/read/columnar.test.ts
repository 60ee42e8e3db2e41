/** Parquet and DuckDB files that lie, are cut, or are none: a failed file each, and never more than that. */
import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { parquetFormat } from '../../../src/exports/formats/parquet.ts';
import { makeFolder } from '../../support/import-folder.ts';
import { readAll, spooled } from '../../support/spooled.ts';
import { columnsOf, written } from '../../support/written-rows.ts';

const COLUMNS = columnsOf({ video_id: 'id', title: 'text', phase: 'integer' });
const ROWS = Array.from({ length: 50 }, (_, index) => [`V${index}`, `Title ${index}`, '1']);

async function parquetBytes(): Promise<Buffer> {
  return readFile((await written(parquetFormat, COLUMNS, ROWS)).path);
}

describe('parquet', () => {
  test.each<readonly [string, (bytes: Buffer) => Buffer]>([
    ['cut in its middle', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    [
      'whose columns are nonsense',
      (bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(200, 0xff), bytes.subarray(208)]),
    ],
  ])('a file %s is malformed', async (_what, damage) => {
    const file = await spooled('videos.parquet', damage(await parquetBytes()));
    await expect(readAll(file)).rejects.toMatchObject({ code: 'FILE_MALFORMED', kind: 'data' });
  });

  test('a footer of gigabytes is refused before it is read', async () => {
    const file = await spooled('videos.parquet', withFooterLength(await parquetBytes(), 0x7fffffff));
    await expect(readAll(file)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });
});

describe('duckdb', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    const path = `${await makeFolder()}/made.duckdb`;
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(`
      CREATE TABLE Videos AS
        SELECT 'V' || i AS video_id, {'a': [i, NULL]} AS nested, 1.50::DECIMAL(5, 2) AS price, DATE '2025-11-10' AS day,
               TIMESTAMP '2025-11-10 12:00:00.000001' AS at, 12345678901234567890::HUGEINT AS large, 'NaN'::DOUBLE AS odd
          FROM range(3000) t(i);
      CREATE VIEW endless AS WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT * FROM r;
      CHECKPOINT`);
    connection.closeSync();
    instance.closeSync();
    bytes = await readFile(path);
  });

  test('every row of the table comes, in order, whatever its types', async () => {
    const records = await readAll(await spooled('any.duckdb', bytes), { table: 'videos' });
    expect(records.map(({ line }) => line)).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
    expect(records[2999]?.value).toEqual({
      video_id: 'V2999',
      nested: { a: [2999, null] },
      price: 1.5,
      day: '2025-11-10',
      at: '2025-11-10T12:00:00.000001',
      large: '12345678901234567890',
      odd: 'NaN',
    });
  });

  test('a view is no table: the tables that there are, are named', async () => {
    await expect(readAll(await spooled('any.duckdb', bytes), { table: 'endless' })).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      hint: expect.stringContaining('“Videos”'),
    });
  });

  test('a cut file is malformed', async () => {
    const file = await spooled('any.duckdb', bytes.subarray(0, bytes.length >> 1));
    await expect(readAll(file, { table: 'videos' })).rejects.toMatchObject({ code: 'FILE_MALFORMED', kind: 'data' });
  });
});

function withFooterLength(bytes: Buffer, length: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(length, changed.length - 8);
  return changed;
}
