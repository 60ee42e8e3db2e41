/** What somebody asks to be exported, checked. */
import { AppError } from '../kernel/errors.ts';
import { type FormatName, formatNamed } from './formats.ts';

export interface ExportOptions {
  /** CSV: a mark that tells spreadsheets it is UTF-8. */
  readonly bom?: boolean | undefined;
  /** CSV: a comma unless given. */
  readonly delimiter?: string | undefined;
  /** CSV and Excel: texts that a spreadsheet would run are written as text. */
  readonly escapeFormulas?: boolean | undefined;
}

/** As JSON has it: `where` and `orderBy` as GraphQL takes them. */
export interface ExportChoices {
  readonly where?: unknown;
  readonly orderBy?: unknown;
  /** Columns; those that import again unless given. */
  readonly fields?: readonly string[] | undefined;
  readonly first?: number | undefined;
  readonly options?: ExportOptions | undefined;
}

export interface ExportRequest extends ExportChoices {
  /** A dataset, a list or a query. */
  readonly source: string;
  readonly format: FormatName;
  /** The same as a resolver gets them, of who has read them already. */
  readonly read?: { readonly where?: object | undefined; readonly orderBy?: readonly object[] | undefined } | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** @throws AppError BAD_USER_INPUT naming what does not fit */
export function checkedRequest(source: string, format: string, choices: ExportChoices): ExportRequest {
  const { first, options = {} } = choices;
  const { name } = formatNamed(format);
  if (first !== undefined && !(Number.isSafeInteger(first) && first >= 1))
    throw refused('first', 'is a whole number, 1 at least');
  if (options.delimiter !== undefined) {
    if (name !== 'csv') throw refused('delimiter', 'is an option of CSV');
    if (!DELIMITERS.includes(options.delimiter)) throw refused('delimiter', 'is a comma, a semicolon, a tab or a bar');
  }
  if (options.bom && name !== 'csv') throw refused('bom', 'is an option of CSV');
  if (options.escapeFormulas && name !== 'csv' && name !== 'xlsx')
    throw refused('escapeFormulas', 'is an option of CSV and Excel: nothing else is opened by a spreadsheet as it is');
  return { ...choices, source, format: name };
}

export const refused = (path: string, words: string): AppError =>
  new AppError('BAD_USER_INPUT', `\`${path}\` ${words}`, { path });
