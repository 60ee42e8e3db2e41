/** How a type is found by the search: declared by its context in a `*.search.ts` file, by default export. */

export interface SearchSource {
  /** The GraphQL type of what is found. */
  readonly type: string;
  readonly table: string;
  /** The column of the business key. */
  readonly key: string;
  /** SQL of the text that headlines are taken from, over a row `t`. */
  readonly text: string;
  /** A table of the row's pieces, searched with it: a hit in a piece is a hit of the row. */
  readonly pieces?: SearchPieces;
}

export interface SearchPieces {
  /** The GraphQL type of a piece. */
  readonly type: string;
  readonly table: string;
  /** The column that holds the row's business key. */
  readonly owner: string;
  /** The column of a piece's own key. */
  readonly key: string;
  readonly text: string;
}

/** Whether a discovered file's default export is a source. */
export function isSearchSource(value: unknown): value is SearchSource {
  if (typeof value !== 'object' || value === null) return false;
  return ['type', 'table', 'key', 'text'].every((name) => typeof Reflect.get(value, name) === 'string');
}
