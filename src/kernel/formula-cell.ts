/**
 * Cells that a spreadsheet would run. Written with an apostrophe in front they are text to it; whoever reads the file takes
 * one off again. A text that has such an apostrophe of its own gets one more, or reading would take its own away.
 */

/** What a spreadsheet takes for the start of a formula, behind any apostrophes. */
export const FORMULA_START = /^'*[=+\-@\t\r]/;
const ESCAPED = /^'+[=+\-@\t\r]/;

/** A text that no spreadsheet runs. */
export const escapeFormula = (text: string): string => (FORMULA_START.test(text) ? `'${text}` : text);

/** A text as it is written where formulas are not escaped: what reading would take for escaped is escaped all the same. */
export const keepApostrophe = (text: string): string => (ESCAPED.test(text) ? `'${text}` : text);

/** What {@link escapeFormula} or {@link keepApostrophe} was given. */
export const unescapeFormula = (text: string): string => (ESCAPED.test(text) ? text.slice(1) : text);
