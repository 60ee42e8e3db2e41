/** What each operator of `where` means, said once more in another way: SQL without its operators, and JSON by hand. */
import pg from 'pg';
import type { FieldKind } from '../../src/graphql/entity.ts';
import { SQL_TYPE } from '../../src/graphql/values.ts';
import { isJsonObject, type JsonValue } from '../../src/kernel/json.ts';

/** An operand as resolvers get it. */
export type Operand = string | number | boolean | bigint | Date | null;

const text = (value: Operand): string => (value instanceof Date ? value.toISOString() : String(value).normalize('NFC'));

/** The SQL condition of one operator on `column`, with the values written into it. */
export function oracleSql(column: string, kind: FieldKind, operator: string, operand: unknown): string {
  const literal = (value: Operand) => `${pg.escapeLiteral(text(value))}::${SQL_TYPE[kind]}`;
  const same = (value: Operand) => holds(`${column} <= ${literal(value)} AND ${column} >= ${literal(value)}`);
  const listed = () => ['false', ...(operand as Operand[]).map(same)].join(' OR ');
  const value = operand as Operand;
  const small = () => `lower(${literal(value)})`;
  switch (operator) {
    case 'equals':
      return value === null ? `num_nulls(${column}) = 1` : same(value);
    case 'notEquals':
      return value === null ? `num_nulls(${column}) = 0` : `NOT ${same(value)}`;
    case 'in':
      return listed();
    case 'notIn':
      return `NOT (${listed()})`;
    case 'isNull':
      return `num_nulls(${column}) = ${operand === true ? 1 : 0}`;
    case 'lt':
      return holds(`NOT ${column} >= ${literal(value)}`);
    case 'lte':
      return holds(`NOT ${column} > ${literal(value)}`);
    case 'gt':
      return holds(`NOT ${column} <= ${literal(value)}`);
    case 'gte':
      return holds(`NOT ${column} < ${literal(value)}`);
    case 'between': {
      const { from, to } = operand as { from: Operand; to: Operand };
      return holds(`NOT (${column} < ${literal(from)} OR ${column} > ${literal(to)})`);
    }
    case 'contains':
      return holds(`strpos(lower(${column}), ${small()}) > 0`);
    case 'startsWith':
      return holds(`left(lower(${column}), char_length(${small()})) = ${small()}`);
    case 'endsWith':
      return holds(`right(lower(${column}), char_length(${small()})) = ${small()}`);
    default:
      throw new Error(`The oracle does not know ${operator}`);
  }
}

const holds = (condition: string): string => `coalesce(${condition}, false)`;

/** Whether one operator on JSON holds, going through the value by hand. */
export function oracleJson(
  document: JsonValue,
  path: readonly string[],
  operator: string,
  operand: JsonValue,
): boolean {
  const found = path.reduce<JsonValue | undefined>(step, document);
  switch (operator) {
    case 'exists':
      return (found !== undefined) === operand;
    case 'isNull':
      return (found === undefined || found === null) === operand;
    case 'equals':
      return found !== undefined && canonical(found) === canonical(operand);
    case 'contains':
      return (
        found !== undefined &&
        (contains(found, operand) || (Array.isArray(found) && isBare(operand) && found.includes(operand)))
      );
    default:
      throw new Error(`The oracle does not know ${operator}`);
  }
}

function step(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^(?:0|-?[1-9]\d*)$/.test(name) ? value.at(Number(name)) : undefined;
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const isBare = (value: JsonValue): boolean => typeof value !== 'object' || value === null;

/** JSON with its keys in order. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join()}}`;
}

function contains(outer: JsonValue, inner: JsonValue): boolean {
  if (Array.isArray(inner)) {
    return (
      Array.isArray(outer) && inner.every((item: JsonValue) => outer.some((each: JsonValue) => contains(each, item)))
    );
  }
  if (isJsonObject(inner)) {
    return (
      isJsonObject(outer) &&
      Object.entries(inner).every(([key, value]) => Object.hasOwn(outer, key) && contains(outer[key] ?? null, value))
    );
  }
  return isBare(outer) && outer === inner;
}
