/** Conditions of `where` on the fields of one row, as SQL; and what every part of `where` needs. */
import { AppError } from '../kernel/errors.ts';
import type { ConditionReads, FieldReads } from './entity.ts';
import { type Operator, refused } from './operators/operator.ts';
import { CONDITION_OPERATORS, operatorsOf } from './operators.ts';
import type { Params } from './params.ts';

/** A part of `where` as it came: its shape is the schema's, its size is not. */
export type Where = Readonly<Record<string, unknown>>;

/** More conditions than these in one `where` are no question but an attack. */
const MOST_CONDITIONS = 100;

/** Where in a question a condition stands, and what the whole question shares. */
export interface Scope {
  readonly params: Params;
  /** Aliases must differ between a table and the same table reached through relations. */
  readonly depth: number;
  readonly count: { conditions: number };
  /** The place, such as `where.videos.some`: errors name it. */
  readonly at: string;
}

/** What stands at a place that takes an object. @throws AppError BAD_USER_INPUT naming the place */
export function asWhere(value: unknown, at: string, hint?: string): Where {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw refused(at, 'takes conditions, not null', hint);
}

/** @throws AppError BAD_USER_INPUT naming the place */
export function asList(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refused(at, 'takes a list');
}

/** What of an object was really given: what a variable left out asks nothing. */
export const given = (where: Where): [string, unknown][] =>
  Object.entries(where).filter(([, value]) => value !== undefined);

/** That all of these hold. */
export const joined = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' AND ');

/** @throws AppError LIMIT_EXCEEDED */
export function countCondition({ count }: Scope): void {
  count.conditions += 1;
  if (count.conditions > MOST_CONDITIONS) throw tooMuch(`\`where\` takes ${MOST_CONDITIONS} conditions at most`);
}

/** A question that is too large. */
export const tooMuch = (message: string): AppError =>
  new AppError('LIMIT_EXCEEDED', message, { path: 'where', hint: 'Ask in several requests, or by a list of keys.' });

/** What stands beside operators of JSON and says where they look. */
export const PATH = 'path';

/** The conditions on one field of rows of `alias`. @throws AppError BAD_USER_INPUT naming the operator */
export function fieldSql(field: FieldReads, value: unknown, alias: string, scope: Scope): string {
  const name = scope.at.slice(scope.at.lastIndexOf('.') + 1);
  const where = asWhere(value, scope.at, `What is absent is found by \`${name}: { isNull: true }\`.`);
  const operators = operatorsOf(field);
  const asked = given(where).filter(([operator]) => field.kind !== 'json' || operator !== PATH);
  if (asked.length === 0 && where[PATH] !== undefined) throw refused(scope.at, 'says where to look, but not for what');
  const column = `${alias}.${field.column}`;
  return joined(
    asked.map(([operator, operand], index) => {
      if (index > 0) countCondition(scope);
      const at = `${scope.at}.${operator}`;
      const { kind } = field;
      return operatorNamed(operators, operator, at).sql({
        column,
        kind,
        value: operand,
        beside: where,
        at,
        params: scope.params,
      });
    }),
  );
}

function operatorNamed(operators: readonly Operator[], name: string, at: string): Operator {
  const found = operators.find((known) => known.name === name);
  if (found === undefined) throw refused(at, 'is no operator of this field');
  return found;
}

/** A condition is asked as an enumeration is, by the operators that are clear where a row has several values. */
export function conditionSql(condition: ConditionReads, value: unknown, alias: string, scope: Scope): string {
  return joined(
    given(asWhere(value, scope.at)).map(([name, operand]) => {
      const at = `${scope.at}.${name}`;
      operatorNamed(CONDITION_OPERATORS, name, at);
      const values = name === 'in' ? asList(operand, at) : [operand];
      if (values.includes(null)) throw refused(at, 'takes a value, not null');
      return condition.sql(alias, scope.params.add(values, 'text[]'));
    }),
  );
}
