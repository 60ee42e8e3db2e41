/** Where in a row something is said: the pieces that hold what was wanted. */
import type { Query } from '../database/session.ts';
import { createParams } from '../graphql/params.ts';
import type { SearchPieces } from '../graphql/search-source.ts';
import { askedSql, holds, rankOf } from './hits-sql.ts';
import { MARKS, markedSql } from './marks.ts';
import type { Question } from './question.ts';

export interface Moment {
  readonly key: string;
  readonly startSeconds: number | null;
  readonly speaker: string | null;
  readonly text: string;
  readonly rank: number;
  /** What was found is between marks; not HTML yet. */
  readonly line: string;
}

const LONGEST_MOMENT = 2_000;

/**
 * The best pieces of each row, in the order of `keys`, at most `limit` of each: those that hold all that was wanted before
 * those that hold some of it, then the best first.
 */
export async function moments(
  query: Query,
  pieces: SearchPieces,
  question: Question,
  limit: number,
  keys: readonly string[],
): Promise<Moment[][]> {
  const params = createParams();
  const asked = askedSql(question, params, ['any_']);
  const marks = params.add(MARKS, 'text');
  const line = markedSql('best.short', 'any_', 'whole', { marks, typed: params.add(question.wanted, 'text') });
  const rows = await query<Moment & { readonly owner: string }>(
    'moments',
    `WITH ${asked}
     SELECT owner.key AS owner, best.key, best.start AS "startSeconds", best.speaker, best.text, best.rank,
            coalesce(${line}, best.short) AS line
       FROM unnest(${params.add(keys, 'text[]')}) WITH ORDINALITY AS owner(key, place)
      CROSS JOIN asked
      CROSS JOIN LATERAL (
            SELECT t.${pieces.key}::text AS key, ${pieces.start} AS start, ${pieces.speaker} AS speaker, ${pieces.text} AS text,
                   translate(left(${pieces.text}, ${LONGEST_MOMENT}), ${marks}, '') AS short,
                   ${rankOf('t', 'any_')} AS rank, ${holds('t', '')} AS is_whole, t.${pieces.key} AS place
              -- First the row's own pieces: those of all rows with a common word are millions.
              FROM (SELECT * FROM ${pieces.table} p WHERE p.${pieces.owner} = owner.key OFFSET 0) t
             WHERE ${holds('t', 'any_')}
             ORDER BY is_whole DESC, rank DESC, place
             LIMIT ${params.add(limit, 'integer')}
           ) best
      ORDER BY owner.place, best.is_whole DESC, best.rank DESC, best.place`,
    params.values,
  );
  const byOwner = Map.groupBy(rows, ({ owner }) => owner);
  return keys.map((key) => byOwner.get(key) ?? []);
}
