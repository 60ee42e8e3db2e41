/** Which rows an actor may see: asked wherever rows of a declared type are read, so that no way in can forget it. */
import { hasRole, hasScope } from '../kernel/actor.ts';
import { type Right, requireRight } from '../kernel/rights.ts';
import type { GraphqlContext } from './context.ts';
import { declaredEntities, entityReads } from './entities.ts';
import type { EntityReads, Limit } from './entity.ts';

/** What it takes to read rows of the type at all. */
export const rightToSee = ({ role = 'viewer', scope, limit }: EntityReads): Right => ({
  role,
  scope: limit === undefined ? scope : undefined,
});

/**
 * The `needs` of a root field that gives rows of the type: none where everybody who is signed in may ask. Relations are
 * checked where their rows are read.
 */
export function seeing(reads: EntityReads): { readonly needs?: Right } {
  const needs = rightToSee(reads);
  return needs.role === 'viewer' && needs.scope === undefined ? {} : { needs };
}

/** Whether the actor may read rows of the type at all. */
export function maySee({ actor }: Pick<GraphqlContext, 'actor'>, reads: EntityReads): boolean {
  const { role, scope } = rightToSee(reads);
  return hasRole(actor, role) && (scope === undefined || hasScope(actor, scope));
}

/**
 * The condition that every row has which the actor may see; undefined for all of the type's rows.
 * @throws AppError FORBIDDEN when these are none of the actor's
 */
export function requireVisible(context: GraphqlContext, reads: EntityReads): Limit | undefined {
  requireRight(context, rightToSee(reads));
  return reads.limit?.(context);
}

/** Conditions combined within the related rows, not names of fields. */
const WITHIN = new Set(['and', 'or', 'not', 'some', 'none', 'every']);

/**
 * Refuses a `where` or an `orderBy` that leads to rows of other types which the actor may not see: what it finds and
 * how it is ordered would tell of them.
 * @throws AppError FORBIDDEN
 */
export function requireAsked(context: GraphqlContext, reads: EntityReads, asked: unknown): void {
  if (typeof asked !== 'object' || asked === null || asked instanceof Date) return;
  if (Array.isArray(asked)) {
    for (const each of asked) requireAsked(context, reads, each);
    return;
  }
  for (const [name, value] of Object.entries(asked)) {
    const relation = reads.relations[name];
    if (relation !== undefined) {
      const target = entityReads(relation.target);
      requireRight(context, rightToSee(target));
      requireAsked(context, target, value);
    } else if (WITHIN.has(name)) requireAsked(context, reads, value);
  }
}

/** The tables whose rows, or links between rows, the actor may see; undefined for all. */
export function visibleTables(context: GraphqlContext): ReadonlySet<string> | undefined {
  if (context.actor.scopes === undefined) return undefined;
  const tables = new Set<string>();
  for (const reads of declaredEntities().filter((each) => each.limit === undefined && maySee(context, each))) {
    tables.add(reads.table);
    for (const relation of Object.values(reads.relations)) {
      if (relation.kind === 'through' && maySee(context, entityReads(relation.target))) tables.add(relation.link.table);
    }
  }
  return tables;
}
