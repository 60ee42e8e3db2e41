/**
 * The vocabulary in which a context declares how one of its types is read. The one declaration gives the GraphQL type,
 * its filters and orders, the SQL behind them, and the documentation. Types name each other, so no file imports another's.
 */
import type { Role } from '../kernel/actor.ts';
import type { GraphqlContext } from './context.ts';
import type { Params } from './params.ts';

/** A row as the database gave it, with the columns that were asked for. */
export type Row = Readonly<Record<string, unknown>>;

/** What a column holds; decides the GraphQL type, the operators of its filter and how a cursor keeps it. */
export type FieldKind =
  | 'id'
  | 'uuid'
  | 'text'
  | 'enumeration'
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'float'
  | 'dateTime'
  | 'json';

export interface Enumeration {
  /** The GraphQL name, such as ResearchStatus. */
  readonly name: string;
  readonly description: string;
  /** As the database has them; the API shows them in upper case. */
  readonly values: readonly string[];
}

export interface FieldReads {
  readonly column: string;
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly description: string;
  /** Of the kind `enumeration`. */
  readonly values?: Enumeration;
  /** Offered in `where`. */
  readonly filter: boolean;
  /** Text too long to be looked through: `where` asks only whether there is one. */
  readonly long?: true;
  /** Offered in `orderBy`. */
  readonly order: boolean;
}

/** This row names one row of the target by its business key. */
export interface OneRelation {
  readonly kind: 'one';
  readonly target: string;
  /** The column of this table that holds the target's key. */
  readonly column: string;
  readonly description: string;
}

/** Rows of the target name this one. */
export interface ManyRelation {
  readonly kind: 'many';
  readonly target: string;
  /** The column of the target's table that holds this row's key. */
  readonly column: string;
  readonly description: string;
}

/** Rows of the target and this one are linked by rows of a third table. */
export interface ThroughRelation {
  readonly kind: 'through';
  readonly target: string;
  readonly link: { readonly table: string; readonly own: string; readonly other: string };
  /** What the link itself says, shown on the edge. */
  readonly edge: Readonly<Record<string, FieldReads>>;
  readonly description: string;
}

export type ListRelation = ManyRelation | ThroughRelation;
export type RelationReads = OneRelation | ListRelation;

export type Direction = 'ASC' | 'DESC';

/** A condition of `where` that no single column decides, over a closed list of values. */
export interface ConditionReads {
  readonly description: string;
  readonly values: Enumeration;
  /** That the row of `alias` has one of `values`, a text array in SQL. */
  readonly sql: (alias: string, values: string) => string;
}

/** A condition on rows of `alias`. */
export type Limit = (alias: string, params: Params) => string;

export interface EntityReads {
  /** The GraphQL type, such as Research. */
  readonly type: string;
  /** The context whose rows these are, such as `research`: who lacks its scope sees none. */
  readonly scope: string;
  /** Who may see rows; viewers unless given. */
  readonly role?: Role;
  /**
   * Of a type whose rows each belong to a context or a person of their own, such as imports to their dataset's: the
   * condition that rows have which the context's actor may see; undefined for all. The type itself then needs no scope.
   */
  readonly limit?: (context: GraphqlContext) => Limit | undefined;
  /** Tables whose rows say who may see which of these: a watch looks at all of them when one of those changes. */
  readonly seenBy?: readonly string[];
  /** The name of the list, such as `researches`. */
  readonly plural: string;
  /** What people call many of them, in descriptions; the list's name unless given. */
  readonly words?: string;
  /** The root field that gives one by its key; none when absent. */
  readonly single?: string;
  /** False for a type that is reached through others only. */
  readonly listed?: boolean;
  /** False for a type that nobody makes figures of, such as tokens: its figures would be twenty types to read past. */
  readonly aggregated?: boolean;
  readonly table: string;
  /** The field that holds the business key. */
  readonly key: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldReads>>;
  readonly relations: Readonly<Record<string, RelationReads>>;
  readonly conditions?: Readonly<Record<string, ConditionReads>>;
  /** Columns that fields declared elsewhere read, by field. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** The order of lists that ask for none; the key always comes last. */
  readonly order: readonly (readonly [field: string, direction: Direction])[];
  /**
   * Fields in whose order an index of the table holds the rows (as its first column), and which way round it holds them,
   * NULLs last. A whole table ordered by anything else first is sorted, and only so many rows are.
   */
  readonly indexed?: Readonly<Record<string, Direction>>;
}

type ColumnOf<Model, Value> = {
  [Column in keyof Model & string]: NonNullable<Model[Column]> extends Value ? Column : never;
}[keyof Model & string];

interface Choices {
  readonly filter?: boolean;
  readonly order?: boolean;
}

/** A column that may be NULL must be declared so, and no other may. */
type Options<Model, Column extends keyof Model> = null extends Model[Column]
  ? [options: Choices & { readonly nullable: true }]
  : [options?: Choices];

type Declare<Model, Value> = <Column extends ColumnOf<Model, Value>>(
  column: Column,
  description: string,
  ...options: Options<Model, Column>
) => FieldReads;

export interface FieldsOf<Model> {
  readonly id: Declare<Model, string>;
  readonly uuid: Declare<Model, string>;
  readonly text: Declare<Model, string>;
  /** Text too long to be looked through or ordered by: `where` asks only whether there is one. */
  readonly longText: Declare<Model, string>;
  readonly boolean: Declare<Model, boolean>;
  readonly integer: Declare<Model, number>;
  readonly bigint: Declare<Model, bigint>;
  readonly float: Declare<Model, number>;
  readonly dateTime: Declare<Model, Date>;
  /** The model's type of JSON includes null, so only the declaration can say whether the column may be NULL. */
  readonly json: (
    column: keyof Model & string,
    description: string,
    options?: Choices & { readonly nullable?: true },
  ) => FieldReads;
  readonly enumeration: <Column extends ColumnOf<Model, string>>(
    column: Column,
    values: Enumeration,
    description: string,
    ...options: Options<Model, Column>
  ) => FieldReads;
}

/** Declares fields over the columns of one Prisma model: a wrong column, kind or nullability does not compile. */
export function fieldsOf<Model>(): FieldsOf<Model> {
  const declare =
    (kind: FieldKind, defaults: Required<Choices>) =>
    (column: string, description: string, options: Choices & { readonly nullable?: true } = {}): FieldReads => ({
      ...defaults,
      ...options,
      column,
      kind,
      description,
      nullable: options.nullable === true,
    });
  const both = { filter: true, order: true };
  const filterOnly = { filter: true, order: false };
  const longText = declare('text', filterOnly);
  const enumeration = declare('enumeration', both);
  return {
    id: declare('id', both),
    uuid: declare('uuid', both),
    text: declare('text', both),
    longText: (column, description, ...[options]) => ({ ...longText(column, description, options), long: true }),
    boolean: declare('boolean', both),
    integer: declare('integer', both),
    bigint: declare('bigint', both),
    float: declare('float', both),
    dateTime: declare('dateTime', both),
    json: declare('json', filterOnly),
    enumeration: (column, values, description, ...[options]) => ({
      ...enumeration(column, description, options),
      values,
    }),
  };
}

/** The row's `column` holds the key of one row of `target`. */
export const one = (target: string, column: string, description: string): OneRelation => ({
  kind: 'one',
  target,
  column,
  description,
});

/** Rows of `target` hold this row's key in their `column`. */
export const many = (target: string, column: string, description: string): ManyRelation => ({
  kind: 'many',
  target,
  column,
  description,
});

/** Rows of `target` are linked by a table of links; `edge` says what a link itself tells. */
export const through = (
  target: string,
  link: ThroughRelation['link'],
  description: string,
  edge: ThroughRelation['edge'] = {},
): ThroughRelation => ({ kind: 'through', target, link, edge, description });
