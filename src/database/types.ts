/** Values as Prisma's row types have them, so that a row read by hand-written SQL is a row of the model. */
import { Decimal } from '@prisma/client/runtime/client';
import pg from 'pg';

const { builtins } = pg.types;

/**
 * Parsers for the pools: bigint (int8), Decimal (numeric), Date at midnight UTC (date), Date (timestamptz; timestamp is
 * taken as UTC). Without them pg gives strings for the first two and reads dates in the machine's own time zone.
 */
export function rowTypes(): pg.CustomTypesConfig {
  const parsers = new Map<number, (text: string) => unknown>([
    [builtins.INT8, BigInt],
    [builtins.NUMERIC, (text) => new Decimal(text)],
    [builtins.DATE, (text) => new Date(`${text}T00:00:00Z`)],
    [builtins.TIMESTAMP, (text) => new Date(`${text.replace(' ', 'T')}Z`)],
  ]);
  const overrides = new pg.TypeOverrides();
  for (const [oid, parse] of parsers) overrides.setTypeParser(oid, 'text', parse);
  return overrides;
}
