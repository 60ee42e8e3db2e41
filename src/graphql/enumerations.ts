/** Closed lists of values: upper case in the API, as the database has them inside. */
import type { Enumeration } from './entity.ts';

/** Declares a closed list; `values` are as the database has them. */
export const enumeration = (name: string, description: string, values: readonly string[]): Enumeration => ({
  name,
  description,
  values,
});

/** The name of a value in the API: `gap_analysis` is GAP_ANALYSIS. */
export const enumName = (value: string): string => value.toUpperCase();
