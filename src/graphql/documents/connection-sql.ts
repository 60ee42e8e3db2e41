/** A list's page as JSON: nodes, edges with their cursors, pageInfo and totalCount, of rows that a SELECT gives. */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { signature } from '../cursor.ts';
import type { OrderKey } from '../ordering.ts';
import type { PageRequest } from '../page.ts';
import { askedFields } from '../selection.ts';
import { type Compiling, objectOf, type Selected, typeOf, Uncompiled } from './compiling.ts';
import { base64urlSql, concatSql, type Piece, placeSql, quoted, rowSql, UNWRITTEN } from './json-sql.ts';

/** A list, as far as it differs from others. */
export interface Listed {
  readonly order: readonly OrderKey[];
  readonly page: PageRequest;
  /** SELECT of so many rows, in the direction in which they are read. */
  readonly rows: (limit: number) => string;
  /** SELECT of how many rows there are without the page. */
  readonly count: () => string;
  /** A row of `alias` as an object. */
  readonly row: (alias: string, type: GraphQLObjectType, nodes: readonly FieldNode[]) => readonly Piece[];
  /** What a link of this name says, where links say something. */
  readonly edge?: (alias: string, name: string) => readonly Piece[] | undefined;
  /** SQL over all rows of `alias` together that leaves the answer to ordinary execution, where there is a reason. */
  readonly refusal?: (alias: string) => string;
}

/** Which of the rows it is, from the end that is read, and how many there are. */
const PLACE = '_place';
const FOUND = '_found';

/** The field that gives the list. */
export function connectionOf(compiling: Compiling, listed: Listed, selected: Selected): Piece[] {
  const page = pageOf(compiling, listed, selected);
  let asksRows = false;
  const pieces = objectOf(compiling, typeOf(selected), selected.nodes, (inner) => {
    if (inner.name === 'totalCount') return [{ sql: `(${listed.count()})` }];
    asksRows = true;
    const { nodes } = inner;
    switch (inner.name) {
      case 'nodes':
        return page.each(listed.row(page.alias, typeOf(inner), nodes));
      case 'edges':
        return page.each(objectOf(compiling, typeOf(inner), nodes, (field) => ofEdge(listed, page, field)));
      case 'pageInfo':
        return objectOf(compiling, typeOf(inner), nodes, ({ name }) => page.info(name));
      default:
        throw new Uncompiled(`A list has no ${inner.name}`);
    }
  });
  if (!asksRows) return pieces;
  const refusal = listed.refusal === undefined ? [] : [{ sql: listed.refusal(page.alias) }];
  return [{ sql: `(SELECT ${concatSql([...pieces, ...refusal])} FROM ${page.from()})` }];
}

function ofEdge(listed: Listed, page: Page, inner: Selected): readonly Piece[] {
  if (inner.name === 'cursor') return [{ sql: page.cursor }];
  if (inner.name === 'node') return listed.row(page.alias, typeOf(inner), inner.nodes);
  const own = listed.edge?.(page.alias, inner.name);
  if (own === undefined) throw new Uncompiled(`An edge has no ${inner.name}`);
  return own;
}

interface Page {
  readonly alias: string;
  readonly cursor: string;
  readonly from: () => string;
  /** A list of what is written of each row. */
  readonly each: (one: readonly Piece[]) => Piece[];
  /** A field of pageInfo, as SQL over all rows together. */
  readonly info: (name: string) => Piece[];
}

function pageOf(compiling: Compiling, { order, page, rows }: Listed, { nodes }: Selected): Page {
  const alias = compiling.alias();
  const { limit, backwards } = page;
  const asked = askedFields({ fieldNodes: nodes, fragments: compiling.fragments }, ['pageInfo']);
  // Only who asks whether the list goes on pays for the row that says so.
  const goesOn = asked.has(backwards ? 'hasPreviousPage' : 'hasNextPage');
  const cursor = cursorSql(order, alias);
  const kept = goesOn ? ` FILTER (WHERE ${alias}.${PLACE} <= ${limit})` : '';
  const isFirst = `${alias}.${PLACE} = 1`;
  const isLast = `${alias}.${PLACE} = least(${alias}.${FOUND}, ${limit})`;
  const more = { sql: `(count(*) > ${limit})::text` };
  const at = (place: string): Piece => ({ sql: `coalesce(max(${cursor}) FILTER (WHERE ${place}), 'null')` });
  const infos: Readonly<Record<string, Piece>> = {
    hasNextPage: backwards ? String(page.before !== undefined) : more,
    hasPreviousPage: backwards ? more : String(page.after !== undefined),
    startCursor: at(backwards ? isLast : isFirst),
    endCursor: at(backwards ? isFirst : isLast),
  };
  return {
    alias,
    cursor,
    from: () => {
      const cut = rows(goesOn ? limit + 1 : limit);
      const isPlaced = goesOn || backwards || asked.has('startCursor') || asked.has('endCursor');
      if (!isPlaced) return `(${cut}) ${alias}`;
      return `(SELECT t.*, row_number() OVER () AS ${PLACE}, count(*) OVER () AS ${FOUND} FROM (${cut}) t) ${alias}`;
    },
    each: (one) => {
      const inOrder = backwards ? ` ORDER BY ${alias}.${PLACE} DESC` : '';
      return ['[', { sql: `string_agg(${rowSql(one)}, ','${inOrder})${kept}` }, ']'];
    },
    info: (name) => {
      const piece = infos[name];
      if (piece === undefined) throw new Uncompiled(`pageInfo has no ${name}`);
      return [piece];
    },
  };
}

/** The cursor of a row, in quotes: what `encodeCursor` makes of it. */
function cursorSql(order: readonly OrderKey[], alias: string): string {
  // Of a value that SQL writes otherwise, all of it is NULL.
  return `coalesce('"' || ${placeOfSql(order, alias)} || '"', ${UNWRITTEN})`;
}

/** The cursor of a row of `alias`; NULL where `write` gives NULL for one of its values. */
export function placeOfSql(order: readonly OrderKey[], alias: string, write = placeSql): string {
  const values = order.map(({ kind, column }) => write(kind, `${alias}.${column}`));
  return base64urlSql(`${quoted(`[${JSON.stringify(signature(order))},[`)} || ${values.join(` || ',' || `)} || ']]'`);
}
