/** The formats that the database writes itself, as COPY statements. */

import { identifier } from '../database/copy.ts';
import type { FieldKind } from '../graphql/entity.ts';
import type { SourceColumn } from './columns.ts';
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
 * of it passes {@link apostropheEscaper}.
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

/** JSON text holds none of these characters: it comes as it is, one row per line. */
const AS_IT_IS = String.raw`FORMAT csv, QUOTE E'\x01', ESCAPE E'\x01', DELIMITER E'\x02', ENCODING 'UTF8'`;

/** One JSON object per line, with `end` behind each: nothing, or the comma of a list. Numbers are exact, moments ISO 8601. */
export function jsonCopy({ columns, select }: ExportSource, end: '' | ','): string {
  const list = columns.map(({ sql, name }) => `${sql} AS ${identifier(name)}`).join(', ');
  const row = end === '' ? 'row_to_json(r)' : `row_to_json(r)::text || ${literal(end)}`;
  return `COPY (SELECT ${row} FROM (${select(list)}) r) TO STDOUT (${AS_IT_IS})`;
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
