/** DuckDB files: one table of the file, each row a record. */
import { columnarReader } from './columnar/reader.ts';
import type { Reader } from './reader.ts';

export const duckdbReader: Reader = columnarReader('duckdb');
