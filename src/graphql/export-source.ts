/**
 * What a context offers for export beside its datasets and lists, declared in a `*.export.ts` file by default export: a query
 * of its own, exports that have a name from the start, or both.
 */
import type { FieldKind } from './entity.ts';

/** Rows that no table has, such as counts. */
export interface ExportQuery {
  readonly name: string;
  readonly description: string;
  /** The context whose rows it tells of: who lacks its scope gets none. */
  readonly scope: string;
  readonly columns: readonly { readonly name: string; readonly kind: FieldKind; readonly nullable: boolean }[];
  /** A SELECT of these columns, in its own order, which must be the same for the same rows. */
  readonly sql: string;
}

/** An export that has a name from the start. Whoever saves one of the same name changes it for everybody. */
export interface NamedExport {
  readonly name: string;
  readonly description: string;
  /** A dataset, a list or a query. */
  readonly source: string;
  readonly format: string;
  /** As GraphQL takes them, as JSON. */
  readonly where?: object;
  readonly orderBy?: readonly object[];
  /** Columns; those that import again unless given. */
  readonly fields?: readonly string[];
  readonly first?: number;
}

export interface ExportDeclaration {
  readonly queries?: readonly ExportQuery[];
  readonly named: readonly NamedExport[];
}

/** Declares them. It adds nothing at run time: it is where the type checker meets the declaration. */
export const defineExports = (declaration: ExportDeclaration): ExportDeclaration => declaration;

/** Whether a discovered file's default export is such a declaration. */
export const isExportDeclaration = (value: unknown): value is ExportDeclaration =>
  typeof value === 'object' && value !== null && 'named' in value && Array.isArray(value.named);
