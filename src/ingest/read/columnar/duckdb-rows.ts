/** The rows of one table of a DuckDB file. Runs in a process of its own: see process.ts. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { loadDuckDb } from '../../../kernel/duckdb.ts';
import { type ColumnarRows, momentText, ROWS_AT_ONCE, rowText, Unreadable } from './rows.ts';

/** The file is data, whatever it was made to do: nothing is fetched, loaded, attached or written for it. */
const SETTINGS = {
  access_mode: 'READ_ONLY',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  threads: '1',
  memory_limit: '512MB',
  max_temp_directory_size: '0KiB',
  lock_configuration: 'true',
};

interface Column {
  readonly name: string;
  readonly type: string;
}

export async function duckdbRows(path: string, table: string): Promise<ColumnarRows> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(path, SETTINGS);
  const connection = await instance.connect();
  const columns = await columnsOf(connection, table);
  const selected = columns.map(({ name, type }) => valueSql(quoted(name), type)).join(', ');
  const result = await connection.stream(`SELECT ${selected} FROM main.${quoted(table)}`);
  return { names: columns.map(({ name }) => name), batches: batches() };

  async function* batches(): AsyncGenerator<readonly string[]> {
    const names = columns.map(({ name }) => JSON.stringify(name));
    const texts = columns.map(({ type }) => textOf(type));
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const rows = chunk.getRows().map((row) =>
        rowText(
          names,
          row.map((value, index) => (value === null ? 'null' : (texts[index]?.(value) ?? 'null'))),
        ),
      );
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) yield rows.slice(at, at + ROWS_AT_ONCE);
    }
  }
}

/** The columns of a base table: a view is a query of the file's author, and may be one that never ends. */
async function columnsOf(connection: DuckDBConnection, table: string): Promise<Column[]> {
  const found = await connection.runAndReadAll(
    `SELECT c.table_name, c.column_name, c.data_type
       FROM duckdb_columns() c
       JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
      WHERE c.schema_name = 'main' AND NOT c.internal AND NOT t.temporary
      ORDER BY c.table_name, c.column_index`,
  );
  const rows = found.getRows().map(([name, column, type]) => ({
    table: String(name),
    name: String(column),
    type: String(type),
  }));
  const columns = rows.filter((row) => row.table.toLowerCase() === table.toLowerCase());
  if (columns.length > 0) return columns;
  const tables = [...new Set(rows.map((row) => row.table))].map((name) => `“${name}”`).join(', ');
  throw new Unreadable(
    'FILE_MALFORMED',
    `has no table “${table}”`,
    `It has ${tables === '' ? 'none' : tables}. Rename the table, or name another one in the dataset.`,
  );
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL\(.*|BIGNUM)$/;
const FLOAT = /^(DOUBLE|FLOAT)$/;
const NESTED = /(\[\d*\]|^(STRUCT|MAP|UNION)\(.*)$/;
const MOMENT = /^TIMESTAMP/;

/** What is asked for of a column: as text, whatever the type, so that digits and microseconds stay. */
function valueSql(column: string, type: string): string {
  if (FLOAT.test(type)) return column;
  if (NESTED.test(type)) return `to_json(${column})::VARCHAR`;
  if (MOMENT.test(type))
    return `CASE WHEN isfinite(${column}) THEN epoch_us(${column})::VARCHAR ELSE 'x' || ${column}::VARCHAR END`;
  if (NUMBER.test(type) || type === 'BOOLEAN') return `${column}::VARCHAR`;
  // The library takes a byte order mark off the start of a text, which is a character of the text.
  return `'x' || ${column}::VARCHAR`;
}

/** How a value of a column becomes JSON. */
function textOf(type: string): (value: DuckDBValue) => string {
  if (FLOAT.test(type)) return (value) => (Number.isFinite(value) ? String(value) : JSON.stringify(String(value)));
  if (NUMBER.test(type) || NESTED.test(type) || type === 'BOOLEAN') return String;
  if (!MOMENT.test(type)) return (value) => JSON.stringify(String(value).slice(1));
  const zone = type.endsWith('TIME ZONE') ? 'Z' : '';
  return (value) => {
    const text = String(value);
    return JSON.stringify(text.startsWith('x') ? text.slice(1) : momentText(BigInt(text)) + zone);
  };
}
