/** How a type is found by the search: declared by its context in a `*.search.ts` file, by default export. */
import type { Enumeration } from './entity.ts';

export interface SearchSource {
  /** The GraphQL type of what is found; its scope says who may find it. */
  readonly type: string;
  /** Its rows have an `id`, and the vectors search_english and search_simple, both indexed. */
  readonly table: string;
  /** Whether they keep the words that search_english has most often in search_often, as rows with long texts do. */
  readonly often?: true;
  /** The column of the business key. */
  readonly key: string;
  /** Its SQL type; text unless given. */
  readonly keyType?: 'uuid';
  /**
   * Of a table under row-level security: a view of the rows that the actor may see, with the columns that facets and filters
   * ask for. Words are found by no index where a policy stands between, for operators of text search are not leakproof.
   */
  readonly found?: string;
  /** Of such a table: SQL of whether everybody may see the row `t`. Words of others are never suggested. */
  readonly open?: string;
  /** The column that says when the row came to be: of too many hits the newest are ranked, and searches can be cut by it. */
  readonly created: string;
  /** SQL of the text that headlines are taken from, over a row `t`. */
  readonly text: string;
  /** What its rows are counted and narrowed by. */
  readonly facets?: readonly SearchFacetOf[];
  /** A table of the row's pieces, searched with it: a hit in a piece is a hit of the row. */
  readonly pieces?: SearchPieces;
}

export interface SearchPieces {
  /** The GraphQL type of a piece. */
  readonly type: string;
  /** Its rows have the two vectors as well. */
  readonly table: string;
  /** The column that holds the row's business key. */
  readonly owner: string;
  /** The column of a piece's own key; pieces of one row come in its order. */
  readonly key: string;
  readonly text: string;
  /** SQL of the second at which it begins. */
  readonly start: string;
  /** SQL of who speaks. */
  readonly speaker: string;
}

/** One thing that hits of several types are counted by. Declared once and named by every source that has it. */
export interface SearchFacet {
  /** Its name in the API. */
  readonly name: string;
  readonly description: string;
  /** The closed list of its values, where there is one. */
  readonly enumeration?: Enumeration;
  /** SQL of a value's name for people, over `value`; the value itself unless given. */
  readonly label?: string;
}

export interface SearchFacetOf {
  readonly facet: SearchFacet;
  /** A SELECT of the facet's values of a row `t`, as text in a column `value`: none, one or several. */
  readonly values: string;
}

const TEXTS = ['type', 'table', 'key', 'created', 'text'];

/** Whether a discovered file's default export is a source. */
export function isSearchSource(value: unknown): value is SearchSource {
  if (typeof value !== 'object' || value === null) return false;
  return TEXTS.every((name) => typeof Reflect.get(value, name) === 'string');
}
