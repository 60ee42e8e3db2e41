/** Being a value, or none. What is absent is no value: it is not one of a list, and differs from every value. */
import { listParam, type Operator, param, readFlag } from './operator.ts';

export const equals: Operator = {
  name: 'equals',
  takes: 'value',
  description: 'Is exactly this value; null finds what has none.',
  example: (value) => value,
  sql: (operand) =>
    operand.value === null ? `${operand.column} IS NULL` : `${operand.column} = ${param(operand, operand.value)}`,
};

export const notEquals: Operator = {
  name: 'notEquals',
  takes: 'value',
  description: 'Is another value, or none; null finds what has any.',
  example: (value) => value,
  sql: (operand) =>
    operand.value === null
      ? `${operand.column} IS NOT NULL`
      : `${operand.column} IS DISTINCT FROM ${param(operand, operand.value)}`,
};

export const isIn: Operator = {
  name: 'in',
  takes: 'list',
  description: 'Is exactly one of these values, 1,000 at most; of an empty list nothing is.',
  example: (value) => `[${value}]`,
  sql: (operand) => `${operand.column} = ANY(${listParam(operand)})`,
};

export const notIn: Operator = {
  name: 'notIn',
  takes: 'list',
  description: 'Is none of these values, or has none; of an empty list everything is not.',
  example: (value) => `[${value}]`,
  sql: (operand) => `(${operand.column} = ANY(${listParam(operand)})) IS NOT TRUE`,
};

export const isNull: Operator = {
  name: 'isNull',
  takes: 'flag',
  description: 'True: has no value; false: has one. On a field that always has one, true finds nothing.',
  example: () => 'true',
  sql: (operand) => `${operand.column} IS ${readFlag(operand) ? '' : 'NOT '}NULL`,
};
