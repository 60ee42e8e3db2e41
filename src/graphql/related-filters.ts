/** Conditions of `where` on related rows: that there is one, some, none, or that every one is like this. */
import { entityReads, keyColumn } from './entities.ts';
import type { EntityReads, ListRelation, RelationReads } from './entity.ts';
import { asWhere, countCondition, fieldSql, given, joined, type Scope, type Where } from './field-filters.ts';
import { refused } from './operators/operator.ts';

/** Every condition of `where` on rows of `alias`, as SQL. */
export type AllOf = (reads: EntityReads, where: Where, alias: string, scope: Scope) => string;

/** How a list relation may be asked, and what each means. */
export const QUANTIFIERS = {
  some: 'At least one of them is like this; `{}` finds what has any.',
  none: 'None of them is like this; `{}` finds what has none.',
  every: 'Each of them is like this; of none, every one is.',
} as const;
type Quantifier = keyof typeof QUANTIFIERS;
const isQuantifier = (name: string): name is Quantifier => Object.hasOwn(QUANTIFIERS, name);

/** Beside a quantifier: only rows whose link is like this are looked at. */
export const LINK = 'link';

/** That the rows to which a relation leads are as the question has them. `scope` is that of the related rows. */
export function relatedSql(
  reads: EntityReads,
  relation: RelationReads,
  asked: Where,
  alias: string,
  scope: Scope,
  allOf: AllOf,
): string {
  const target = entityReads(relation.target);
  const other = `r${scope.depth}`;
  if (relation.kind === 'one') {
    const inner = allOf(target, asked, other, scope);
    return `EXISTS (SELECT FROM ${target.table} ${other} WHERE ${other}.${keyColumn(target)} = ${alias}.${relation.column} AND ${inner})`;
  }
  const own = `${alias}.${keyColumn(reads)}`;
  const quantified = given(asked).filter(([name]) => name !== LINK);
  const link = asked[LINK];
  if (link !== undefined && quantified.length === 0) throw refused(scope.at, 'has `link` without some, none or every');
  return joined(
    quantified.map(([name, value]) => {
      const at = `${scope.at}.${name}`;
      if (!isQuantifier(name)) throw refused(at, 'is not a way to ask a list');
      const inner = allOf(target, asWhere(value, at), other, { ...scope, at });
      const linked = link === undefined ? [] : [linkSql(relation, asWhere(link, `${scope.at}.${LINK}`), scope)];
      const condition = name === 'every' ? `(${inner}) IS NOT TRUE` : inner;
      const rows = `SELECT FROM ${rowsOf(target, relation, own, scope.depth)} AND ${joined([...linked, condition])}`;
      return `${name === 'some' ? '' : 'NOT '}EXISTS (${rows})`;
    }),
  );
}

/** The related rows of the row whose key is `own`. */
function rowsOf(target: EntityReads, relation: ListRelation, own: string, depth: number): string {
  const other = `r${depth}`;
  if (relation.kind === 'many') return `${target.table} ${other} WHERE ${other}.${relation.column} = ${own}`;
  const { table, own: ownColumn, other: otherColumn } = relation.link;
  const link = `l${depth}`;
  return `${table} ${link} JOIN ${target.table} ${other} ON ${other}.${keyColumn(target)} = ${link}.${otherColumn} WHERE ${link}.${ownColumn} = ${own}`;
}

/** Conditions on what the link itself says. */
function linkSql(relation: ListRelation, asked: Where, scope: Scope): string {
  const edge = relation.kind === 'through' ? relation.edge : {};
  return joined(
    given(asked).map(([name, value]) => {
      const at = `${scope.at}.${LINK}.${name}`;
      const field = edge[name];
      if (field === undefined) throw refused(at, 'is nothing that a link says');
      countCondition(scope);
      return fieldSql(field, value, `l${scope.depth}`, { ...scope, at });
    }),
  );
}
