/** Names of sheets, as exports give them and readers look for them. */

/** What a sheet's name may not hold, and how long it may be. */
const FORBIDDEN = /[[\]:*?/\\']/g;
const LONGEST_NAME = 31;

/** The name of the sheet at `index`, from 0, of a table that one sheet cannot hold: the second of `videos` is `videos (2)`. */
export function sheetName(name: string, index: number): string {
  const mark = index === 0 ? '' : ` (${index + 1})`;
  return (name.replace(FORBIDDEN, '_').slice(0, LONGEST_NAME - mark.length) || 'Sheet') + mark;
}

/** What a cell behind a row's last column begins with that continues the text of `column`. */
export const continuedMark = (column: string): string => `${column} continued: `;
