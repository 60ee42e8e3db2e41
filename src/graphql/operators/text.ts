/** Parts of text. Upper and lower case are alike here, and an accent matches however it was typed. */
import { type Operator, readText } from './operator.ts';

/** The characters that LIKE reads as patterns, as themselves. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const pattern = (name: string, before: string, after: string, description: string): Operator => ({
  name,
  takes: 'value',
  description: `${description} Upper and lower case are alike.`,
  example: (value) => value,
  sql: (operand) =>
    `${operand.column} ILIKE ${operand.params.add(`${before}${literally(readText(operand))}${after}`, 'text')}`,
});

export const TEXT_PARTS: readonly Operator[] = [
  pattern('contains', '%', '%', 'Holds this text.'),
  pattern('startsWith', '', '%', 'Begins with this text.'),
  pattern('endsWith', '%', '', 'Ends with this text.'),
];
