/** Parquet files: each row is a record. */
import { columnarReader } from './columnar/reader.ts';
import type { Reader } from './reader.ts';

export const parquetReader: Reader = columnarReader('parquet');
