/** Parts of text. Upper and lower case are alike here, and an accent matches however it was typed. */
import { type Operator, readText } from './operator.ts';

// Not ILIKE: an index of trigrams makes letters small in its own way, and would miss what ILIKE finds (İ for i). Over the
// small letters themselves both mean the same.

/** The characters that LIKE reads as patterns, as themselves. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const pattern = (name: string, before: string, after: string, description: string): Operator => ({
  name,
  takes: 'value',
  description: `${description} Upper and lower case are alike.`,
  example: (value) => value,
  sql: (operand) => {
    const like = operand.params.add(`${before}${literally(readText(operand))}${after}`, 'text');
    return `lower(${operand.column}) LIKE lower(${like})`;
  },
});

export const TEXT_PARTS: readonly Operator[] = [
  pattern('contains', '%', '%', 'Holds this text.'),
  pattern('startsWith', '', '%', 'Begins with this text.'),
  pattern('endsWith', '%', '', 'Ends with this text.'),
];
