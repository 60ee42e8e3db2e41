/** Lying before or after a value, in the order in which `orderBy` puts the field's values. What is absent lies nowhere. */
import { type Operator, param, refused } from './operator.ts';

const comparison = (name: string, sign: string, description: string): Operator => ({
  name,
  takes: 'value',
  description,
  example: (value) => value,
  sql: (operand) => `${operand.column} ${sign} ${param(operand, operand.value)}`,
});

const between: Operator = {
  name: 'between',
  takes: 'range',
  description: 'Lies from one value to another, both included.',
  example: (value) => `{ from: ${value}, to: ${value} }`,
  sql: (operand) => {
    const { value, column, at } = operand;
    if (typeof value !== 'object' || value === null) throw refused(at, 'takes `from` and `to`');
    const end = (name: 'from' | 'to'): string => param({ ...operand, at: `${at}.${name}` }, Reflect.get(value, name));
    return `${column} BETWEEN ${end('from')} AND ${end('to')}`;
  },
};

export const COMPARISONS: readonly Operator[] = [
  comparison('lt', '<', 'Is less than this: earlier, or alphabetically before it.'),
  comparison('lte', '<=', 'Is this or less.'),
  comparison('gt', '>', 'Is more than this: later, or alphabetically after it.'),
  comparison('gte', '>=', 'Is this or more.'),
  between,
];
