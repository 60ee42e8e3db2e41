/** Parquet and DuckDB files that lie, are cut, or are none: a failed file each, and never more than that. */
import { readFile, stat } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { parquetFormat } from '../../../src/exports/formats/parquet.ts';
import { duckdbRows } from '../../../src/ingest/read/columnar/duckdb-rows.ts';
import { parquetRows } from '../../../src/ingest/read/columnar/parquet-rows.ts';
import type { ColumnarRows } from '../../../src/ingest/read/columnar/rows.ts';
import { makeFolder } from '../../support/import-folder.ts';
import { readAll, spooled } from '../../support/spooled.ts';
import { columnsOf, written } from '../../support/written-rows.ts';

const COLUMNS = columnsOf({ video_id: 'id', title: 'text', phase: 'integer' });
const ROWS = Array.from({ length: 50 }, (_, index) => [`V${index}`, `Title ${index}`, '1']);

async function parquetBytes(): Promise<Buffer> {
  return readFile((await written(parquetFormat, COLUMNS, ROWS)).path);
}

/** Every row of a file as its process reads it. */
async function rowsIn(opened: Promise<ColumnarRows>): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of (await opened).batches) rows.push(...batch.map((text) => JSON.parse(text)));
  return rows;
}

describe('parquet', () => {
  test('a file cut in its middle is malformed', async () => {
    const bytes = await parquetBytes();
    const file = await spooled('videos.parquet', bytes.subarray(0, bytes.length >> 1));
    await expect(readAll(file)).rejects.toMatchObject({ code: 'FILE_MALFORMED', kind: 'data' });
  });

  test('columns that are nonsense, and a footer of gigabytes, end the reading', async () => {
    const bytes = await parquetBytes();
    const nonsense = Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(200, 0xff), bytes.subarray(208)]);
    const one = await spooled('videos.parquet', nonsense);
    await expect(rowsIn(parquetRows(one.path, one.size))).rejects.toThrow();
    const other = await spooled('videos.parquet', withFooterLength(bytes, 0x7fffffff));
    await expect(parquetRows(other.path, other.size)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  test('what other programs write is read: packed in any way, nested, with days and decimals', async () => {
    const folder = await makeFolder();
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    for (const codec of ['snappy', 'gzip', 'zstd', 'uncompressed']) {
      const path = `${folder}/${codec}.parquet`;
      await connection.run(`
        COPY (SELECT 'V' || i AS video_id, [i, NULL] AS list, {'a': {'b': 'x'}} AS nested, 1.25::DECIMAL(9, 2) AS price,
                     DATE '0099-12-31' AS day, TIMESTAMP '1969-12-31 23:59:59.999999' AS at, 'a'::BLOB AS bytes
                FROM range(3) t(i)) TO '${path}' (FORMAT parquet, CODEC '${codec}')`);
      const { size } = await stat(path);
      expect((await rowsIn(parquetRows(path, size)))[2]).toMatchObject({
        video_id: 'V2',
        list: [2, null],
        nested: { a: { b: 'x' } },
        price: 1.25,
        day: '0099-12-31',
      });
    }
    connection.closeSync();
    instance.closeSync();
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
    const { path } = await spooled('any.duckdb', bytes);
    const records = await rowsIn(duckdbRows(path, 'videos'));
    expect(records).toHaveLength(3000);
    expect(records[2999]).toEqual({
      video_id: 'V2999',
      nested: { a: [2999, null] },
      price: 1.5,
      day: '2025-11-10',
      at: '2025-11-10T12:00:00.000001',
      large: 12345678901234567000,
      odd: 'NaN',
    });
  });

  test('a view is no table: the tables that there are, are named', async () => {
    const { path } = await spooled('any.duckdb', bytes);
    await expect(duckdbRows(path, 'endless')).rejects.toMatchObject({
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
