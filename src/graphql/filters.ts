/** `where` of every list as SQL. Its inputs are in filter-inputs.ts; both follow the type's declaration. */
import { AppError } from '../kernel/errors.ts';
import { entityReads, fieldOf, keyColumn } from './entities.ts';
import type { ConditionReads, EntityReads, FieldReads, RelationReads } from './entity.ts';
import { operatorsOf } from './operators.ts';
import type { Params } from './params.ts';

/** A `where` as it came: its shape is the schema's, its size is not. */
type Where = Readonly<Record<string, unknown>>;

/** More conditions than these in one `where` are no question but an attack. */
const MOST_CONDITIONS = 100;
const MOST_NESTED = 8;

interface Scope {
  readonly params: Params;
  /** Aliases must differ between a table and the same table reached through relations. */
  readonly depth: number;
  readonly count: { conditions: number };
}

/**
 * The condition that `where` puts on rows of `alias`, or undefined for none.
 * @throws AppError LIMIT_EXCEEDED, BAD_USER_INPUT
 */
export function whereSql(reads: EntityReads, where: unknown, alias: string, params: Params): string | undefined {
  if (where === undefined || where === null) return undefined;
  return allOf(reads, asWhere(where), alias, { params, depth: 0, count: { conditions: 0 } });
}

function asWhere(value: unknown): Where {
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value));
  throw new AppError('BAD_USER_INPUT', 'A `where` is an object', { path: 'where' });
}

/** Every condition of one object holds; an empty object holds always. */
function allOf(reads: EntityReads, where: Where, alias: string, scope: Scope): string {
  if (scope.depth > MOST_NESTED) throw tooMuch(`\`where\` may be nested ${MOST_NESTED} deep at most`);
  const conditions = Object.entries(where)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => oneOf(reads, name, value, alias, scope));
  return conditions.length === 0 ? 'true' : conditions.map((condition) => `(${condition})`).join(' AND ');
}

function oneOf(reads: EntityReads, name: string, value: unknown, alias: string, scope: Scope): string {
  scope.count.conditions += 1;
  if (scope.count.conditions > MOST_CONDITIONS) throw tooMuch(`\`where\` takes ${MOST_CONDITIONS} conditions at most`);
  const deeper = { ...scope, depth: scope.depth + 1 };
  if (name === 'and' || name === 'or') {
    const parts = asList(value).map((part) => `(${allOf(reads, asWhere(part), alias, deeper)})`);
    // Of no alternatives none holds; of no conditions all do.
    return parts.length === 0 ? String(name === 'and') : parts.join(name === 'and' ? ' AND ' : ' OR ');
  }
  // What a NULL leaves unknown is not a match, so its negation is one: NOT alone would drop those rows.
  if (name === 'not') return `(${allOf(reads, asWhere(value), alias, deeper)}) IS NOT TRUE`;
  const relation = reads.relations[name];
  if (relation !== undefined) return relatedSql(reads, relation, asWhere(value), alias, deeper);
  const condition = reads.conditions?.[name];
  if (condition !== undefined) return conditionSql(condition, asWhere(value), alias, scope.params);
  return fieldSql(fieldOf(reads, name), asWhere(value), alias, scope.params);
}

function fieldSql(field: FieldReads, given: Where, alias: string, params: Params): string {
  const operators = operatorsOf(field);
  const conditions = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const operator = operators.find((known) => known.name === name);
      if (operator === undefined)
        throw new AppError('BAD_USER_INPUT', `There is no operator ${name}`, { path: 'where' });
      return operator.sql(`${alias}.${field.column}`, value, field.kind, params);
    });
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function conditionSql(condition: ConditionReads, given: Where, alias: string, params: Params): string {
  const { equals, in: listed } = given;
  const lists = [...(equals === undefined ? [] : [[equals]]), ...(listed === undefined ? [] : [asList(listed)])];
  const conditions = lists.map((values) => condition.sql(alias, params.add(values, 'text[]')));
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** That the row's relation leads to some row for which the inner `where` holds. */
function relatedSql(reads: EntityReads, relation: RelationReads, given: Where, alias: string, scope: Scope): string {
  const target = entityReads(relation.target);
  const other = `r${scope.depth}`;
  const own = `${alias}.${keyColumn(reads)}`;
  if (relation.kind === 'one') {
    const inner = allOf(target, given, other, scope);
    return `EXISTS (SELECT FROM ${target.table} ${other} WHERE ${other}.${keyColumn(target)} = ${alias}.${relation.column} AND ${inner})`;
  }
  const some = given['some'];
  if (some === undefined || some === null) return 'true';
  const inner = allOf(target, asWhere(some), other, scope);
  if (relation.kind === 'many') {
    return `EXISTS (SELECT FROM ${target.table} ${other} WHERE ${other}.${relation.column} = ${own} AND ${inner})`;
  }
  const { table, own: ownColumn, other: otherColumn } = relation.link;
  const link = `l${scope.depth}`;
  return `EXISTS (SELECT FROM ${table} ${link} JOIN ${target.table} ${other} ON ${other}.${keyColumn(target)} = ${link}.${otherColumn} WHERE ${link}.${ownColumn} = ${own} AND ${inner})`;
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new AppError('BAD_USER_INPUT', '`and` and `or` take a list of conditions', { path: 'where' });
}

const tooMuch = (message: string): AppError => new AppError('LIMIT_EXCEEDED', message, { path: 'where' });
