/** The DuckDB library, loaded when first needed: it is native, and a platform without it must still serve everything else. */
import { AppError } from './errors.ts';

export type DuckDb = typeof import('@duckdb/node-api');

/** @throws AppError CONFIG_INVALID where the library is not installed, or has no build for this platform */
export async function loadDuckDb(): Promise<DuckDb> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', 'DuckDB files cannot be read or written here: its library does not load.', {
      cause,
      hint: 'Use Parquet or CSV; or install @duckdb/node-api, which has builds for Linux, macOS and Windows.',
    });
  }
}
