/** The formats that the database writes itself, as COPY statements. */

import { identifier } from '../database/copy.ts';
import type { FieldKind } from '../graphql/entity.ts';
import type { SourceColumn } from './columns.ts';
import type { JsonColumn } from './json-columns.ts';
import { literal } from './literal-params.ts';
import type { ExportOptions } from './request.ts';
import type { ExportSource } from './source.ts';

/** Texts of any kind: only these can be what a spreadsheet would run. */
const TEXTS: ReadonlySet<FieldKind> = new Set(['id', 'text', 'enumeration']);

/** What follows the apostrophes of a text that a spreadsheet would run; the rule is that of kernel/formula-cell.ts. */
const RUNS = String.raw`[=+\-@\t\r]`;

/**
 * A CSV of RFC 4180 but for its line ends: UTF-8, a header, cells quoted where they need it, lines that end in LF. NULL is an
 * empty cell and empty text an empty quoted one; both are read as nothing. Moments are as PostgreSQL writes them, in UTC
 * (`2026-01-02 03:04:05.678+00`), which costs a fifth less than any other form. Unless formulas are escaped here, what comes
 * of it passes {@link escapeApostrophes}.
 */
export function csvCopy({ columns, select }: ExportSource, { delimiter = ',', escapeFormulas }: ExportOptions): string {
  const list = columns.map((column) => `${csvValue(column, escapeFormulas === true)} AS ${identifier(column.name)}`);
  return `COPY (${select(list.join(', '))}) TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8', DELIMITER ${literal(delimiter)})`;
}

function csvValue({ kind, sql }: SourceColumn, isEscaped: boolean): string {
  if (kind === 'boolean') return `${sql}::text`;
  if (!isEscaped || !TEXTS.has(kind)) return sql;
  return `CASE WHEN ${sql} ~ ${literal(`^'*${RUNS}`)} THEN '''' || ${sql} ELSE ${sql} END`;
}

/** Rows as the texts that {@link jsonRows} takes. */
export function jsonCopy({ select }: Pick<ExportSource, 'select'>, columns: readonly JsonColumn[]): string {
  const list = columns.map(({ sql, name }) => `${sql} AS ${identifier(name)}`).join(', ');
  return `COPY (${select(list)}) TO STDOUT (ENCODING 'UTF8')`;
}

/** Rows as texts in COPY's own format, for formats that are written from them. */
export function textCopy({ columns, select }: ExportSource): string {
  const list = columns.map((column) => `${rowValue(column)} AS ${identifier(column.name)}`).join(', ');
  return `COPY (${select(list)}) TO STDOUT (ENCODING 'UTF8')`;
}

function rowValue({ kind, sql }: SourceColumn): string {
  if (kind === 'boolean') return `${sql}::text`;
  if (kind !== 'dateTime') return sql;
  return `CASE WHEN isfinite(${sql}) THEN btrim(to_json(${sql} AT TIME ZONE 'UTC')::text, '"') || 'Z' ELSE ${sql}::text END`;
}
