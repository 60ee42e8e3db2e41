/** The search as part of a compiled document: what was found, how well it fits and how much there is, without its lines and moments. */
import { type FieldNode, isObjectType } from 'graphql';
import {
  argumentsOf,
  type Compiling,
  objectOf,
  type Selected,
  typeOf,
  Uncompiled,
} from '../graphql/documents/compiling.ts';
import {
  base64urlSql,
  concatSql,
  type Piece,
  placeSql,
  quoted,
  UNWRITTEN,
  valueSql,
} from '../graphql/documents/json-sql.ts';
import { wholeVariable } from '../graphql/documents/plan.ts';
import { rowOf } from '../graphql/documents/rows-sql.ts';
import { entityReads, keyColumn } from '../graphql/entities.ts';
import { readSize } from '../graphql/page.ts';
import { hitsSql, type Words } from './hits-sql.ts';
import { LONGEST_QUERY, readQuestion } from './question.ts';
import { sources } from './search-values.ts';
import { readFilters, type SearchWhereShape } from './search-where.ts';

interface SearchArguments {
  readonly query?: unknown;
  readonly where?: SearchWhereShape | null;
  readonly first?: number | null;
  readonly after?: unknown;
}

/** The field `search`. Who may not see all that can be found is answered by ordinary execution. */
export function compiledSearch(compiling: Compiling, selected: Selected): Piece[] {
  const { query, where, first, after }: SearchArguments = argumentsOf(compiling, selected);
  if (typeof query !== 'string' || query.length > LONGEST_QUERY || after != null) throw new Uncompiled('A later page');
  const { limit } = readSize({ first });
  for (const { type } of sources) compiling.note(entityReads(type));
  const question = readQuestion(query);
  const name = wholeVariable(selected.nodes[0]?.arguments?.find((argument) => argument.name.value === 'query'));
  // The words are parameters: one statement answers all questions of one shape.
  const words = name === undefined ? question : wordsOf(name);
  const sql =
    question.wanted === '' ? undefined : hitsSql(sources, question, readFilters(where), compiling.params, words);
  if (sql === undefined) throw new Uncompiled('Nothing is searched for');
  const alias = compiling.alias();
  const types = sql.sources.map(({ type }) => type);
  let isCounted = false;
  let asksBounds = false;
  const pieces = objectOf(compiling, typeOf(selected), selected.nodes, (inner): Piece[] => {
    switch (inner.name) {
      case 'totalCount':
        isCounted = true;
        return [{ sql: `count(${alias}.key)` }];
      case 'isComplete':
        asksBounds = true;
        return [{ sql: `(NOT bool_or(${alias}.is_cut))::text` }];
      case 'pageInfo':
        return objectOf(compiling, typeOf(inner), inner.nodes, ({ name }) => placeOf(name, alias, limit));
      case 'edges': {
        const edge = objectOf(compiling, typeOf(inner), inner.nodes, (field) => ofHit(compiling, types, alias, field));
        const kept = `${alias}.key IS NOT NULL AND ${alias}.place <= ${limit}`;
        return ['[', { sql: `string_agg(${concatSql(edge)}, ',') FILTER (WHERE ${kept})` }, ']'];
      }
      default:
        throw new Uncompiled(`search.${inner.name} has a resolver`);
    }
  });
  // One more than the page says whether there is a next one; all are put in order only for who counts them.
  const from = asksBounds ? `(SELECT ${sql.isCut} AS is_cut) bounds LEFT JOIN hits ON true` : 'hits';
  const found = `${sql.text} SELECT *, row_number() OVER () AS place
    FROM (SELECT * FROM ${from} ORDER BY rank DESC, type, key${isCounted ? '' : ` LIMIT ${limit + 1}`}) best`;
  return [{ sql: `(SELECT ${concatSql(pieces)} FROM (${found}) ${alias})` }];
}

/** The words of the question that the variable `name` asks, as functions of all variables. */
function wordsOf(name: string): Words {
  const ask = (variables: Readonly<Record<string, unknown>>) => {
    const text = variables[name];
    if (typeof text !== 'string') throw new Uncompiled('A question is text');
    return readQuestion(text);
  };
  return {
    wanted: (variables: Readonly<Record<string, unknown>>) => ask(variables).wanted,
    unwanted: (variables: Readonly<Record<string, unknown>>) => ask(variables).unwanted,
  };
}

function placeOf(name: string, alias: string, limit: number): Piece[] {
  if (name === 'hasPreviousPage') return ['false'];
  if (name === 'hasNextPage') return [{ sql: `(count(${alias}.key) > ${limit})::text` }];
  throw new Uncompiled(`pageInfo.${name} of a search has a resolver`);
}

function ofHit(compiling: Compiling, types: readonly string[], alias: string, { name, nodes }: Selected): Piece[] {
  if (name === 'rank') return [{ sql: valueSql({ kind: 'float', nullable: false }, `${alias}.rank`) }];
  if (name === 'cursor') {
    const parts = [
      placeSql('float', `${alias}.rank`),
      placeSql('text', `${alias}.type`),
      placeSql('text', `${alias}.key`),
    ];
    const place = `'[' || ${parts.join(` || ',' || `)} || ']'`;
    return [{ sql: `coalesce('"' || ${base64urlSql(place)} || '"', ${UNWRITTEN})` }];
  }
  if (name !== 'node') throw new Uncompiled(`${name} of a hit has a resolver`);
  const rows = types.map((type) => `WHEN ${quoted(type)} THEN ${rowSql(compiling, type, `${alias}.key`, nodes)}`);
  return [{ sql: `CASE ${alias}.type ${rows.join(' ')} END` }];
}

/** The row that was found; its own snapshot has it. */
function rowSql(compiling: Compiling, type: string, key: string, nodes: readonly FieldNode[]): string {
  const reads = entityReads(type);
  const object = compiling.schema.getType(type);
  if (!isObjectType(object)) throw new Uncompiled(`${type} is no type`);
  const alias = compiling.alias();
  const row = concatSql(rowOf(compiling, reads, alias, object, nodes));
  const kind = reads.fields[reads.key]?.kind === 'uuid' ? '::uuid' : '';
  return `coalesce((SELECT ${row} FROM ${reads.table} ${alias} WHERE ${alias}.${keyColumn(reads)} = ${key}${kind}), ${UNWRITTEN})`;
}
