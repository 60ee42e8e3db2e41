/** Rows that a `where` finds, for writing: locked, and never more than whoever asks expects. */
import { whereSql } from '../../graphql/filters.ts';
import { createParams } from '../../graphql/params.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Mutable } from './mutable.ts';
import { requireConditions } from './require-conditions.ts';
import type { HandWrite } from './write-rows.ts';

/** A person's edit of more rows than these is an import. */
const MOST_ROWS = 10_000;

/**
 * The keys of the rows that match, in order. The rows stay locked against other edits.
 * @throws AppError LIMIT_EXCEEDED when more than `atMost` match, BAD_USER_INPUT
 */
export async function lockMatching(
  { query }: HandWrite,
  { reads, table, keyColumn, words }: Mutable,
  where: unknown,
  atMost: number,
): Promise<string[]> {
  requireConditions(reads, where);
  const found = (): { readonly sql: string; readonly params: ReturnType<typeof createParams> } => {
    const params = createParams();
    return { sql: `FROM ${table} t WHERE ${whereSql(reads, where, 't', params) ?? 'true'}`, params };
  };
  const { sql, params } = found();
  const limit = params.add(atMost + 1, 'integer');
  const rows = await query<{ key: string }>(
    `${table} matched`,
    `SELECT t.${keyColumn} AS key ${sql} ORDER BY t.${keyColumn} LIMIT ${limit} FOR NO KEY UPDATE OF t`,
    params.values,
  );
  if (rows.length <= atMost) return rows.map(({ key }) => key);
  const all = found();
  const [total] = await query<{ count: bigint }>(
    `${table} counted`,
    `SELECT count(*) AS count ${all.sql}`,
    all.params.values,
  );
  throw new AppError('LIMIT_EXCEEDED', `${total?.count ?? 'More'} of the ${words} match, and atMost is ${atMost}`, {
    path: 'atMost',
    hint: 'Nothing was written. Narrow `where`, or raise `atMost` if all of them are meant.',
  });
}

/** @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED */
export function requireAtMost(atMost: number): void {
  if (atMost < 0) throw new AppError('BAD_USER_INPUT', '`atMost` is not negative', { path: 'atMost' });
  if (atMost > MOST_ROWS)
    throw new AppError('LIMIT_EXCEEDED', `\`atMost\` is ${MOST_ROWS} at most`, {
      path: 'atMost',
      hint: 'Write in several steps, or import a file.',
    });
}
