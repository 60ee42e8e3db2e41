/** What CSV and workbooks have in common: named columns, and rows as objects. */
import { AppError } from '../../kernel/errors.ts';
import type { JsonValue, MutableJsonObject } from '../../kernel/json.ts';
import { createRecent } from '../../kernel/recent.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { SpooledFile } from './source.ts';

/** PostgreSQL takes 1600 columns at most, people a few dozen: beyond this the file is no table of records. */
const MAX_COLUMNS = 512;

/** Throws HEADER_INVALID where the names cannot tell the columns apart, before any record is taken. */
export function checkColumns(file: SpooledFile, names: readonly string[], fault: string | undefined): void {
  const refuse = (reason: string, hint: string) =>
    new AppError('HEADER_INVALID', `The header of ${file.facts.path} ${reason}.`, { hint });
  const unreadable = fault ?? textFault(names.join('\n'));
  if (unreadable !== undefined) throw refuse('cannot be read', unreadable);
  if (names.length > MAX_COLUMNS) {
    throw refuse(`has ${names.length} columns; ${MAX_COLUMNS} are the most`, 'Check the delimiter and the line ends.');
  }
  const empty = names.indexOf('');
  if (empty >= 0) throw refuse(`names no column ${empty + 1}`, 'Give every column a name, or remove the column.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`names the column “${twice}” twice`, 'Rename or remove one of the two.');
}

/**
 * Files of one kind have one header: objects of one shape for all of them keep what reads them fast. A folder may hold any number
 * of headers, and one may be as long as a record: a hundred usual ones are kept.
 */
const builders = createRecent<RowBuilder>(100_000, (header) => 1_000 + header.length);

type RowBuilder = (cells: readonly JsonValue[]) => MutableJsonObject;

/** Turns the cells of a row, as many as there are names, into an object. */
export function rowBuilder(names: readonly string[]): RowBuilder {
  // No name holds a NUL: see checkColumns.
  const header = names.join('\0');
  const known = builders.get(header);
  if (known !== undefined) return known;
  // Names cut out of a file's text would keep all of it.
  const made = makeBuilder(header.split('\0').slice(0, names.length));
  builders.set(header, made);
  return made;
}

function makeBuilder(names: readonly string[]): RowBuilder {
  // An object made by a constructor keeps the engine's fast shape, which one from Object.create(null) never gets; its
  // prototype is empty and has none itself, so that `__proto__` is a column like any other.
  function Row(): void {}
  Row.prototype = Object.create(null);
  return (cells) => {
    const row: MutableJsonObject = Reflect.construct(Row, []);
    for (let i = 0; i < names.length; i += 1) row[names[i] ?? ''] = cells[i] ?? null;
    return row;
  };
}
