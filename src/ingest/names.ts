/**
 * Which field a name of a file belongs to: compiled once per dataset, so that a record costs one look-up per name. Names
 * are compared without case, spaces, `_` and `-`; a dotted name leads into nested JSON.
 */
import type { Dataset } from './dataset.ts';

/** A field that wants the value under a name. */
export interface Claim {
  /** Index into the mapper's fields. */
  readonly field: number;
  /** Place in the field's list of names: the first that gives a value wins. */
  readonly priority: number;
}

/** What stands under one name. */
export interface NameNode {
  readonly claims: Claim[];
  readonly children: Map<string, NameNode>;
  /** Left out of `rest` by declaration. */
  ignored: boolean;
}

export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

/** The tree of all names that the dataset knows; `names` are its fields in order. */
export function compileNames(dataset: Dataset, names: readonly string[]): NameNode {
  const root = node();
  names.forEach((name, field) => {
    const known = [name, ...(dataset.fields[name]?.from ?? [])];
    // `metadata.published_date` is found in a nested `metadata`, and under its bare name in a flat table.
    const bare = name.includes('.') ? [name.slice(name.indexOf('.') + 1)] : [];
    for (const [priority, path] of [...known, ...bare].entries()) add(root, path, { field, priority });
  });
  for (const name of dataset.ignore ?? []) at(root, name).ignored = true;
  return root;
}

function add(root: NameNode, path: string, claim: Claim): void {
  const { claims } = at(root, path);
  if (!claims.some(({ field }) => field === claim.field)) claims.push(claim);
}

function at(root: NameNode, path: string): NameNode {
  let current = root;
  for (const part of path.split('.')) {
    const name = normalizeName(part);
    let next = current.children.get(name);
    if (next === undefined) {
      next = node();
      current.children.set(name, next);
    }
    current = next;
  }
  return current;
}

function node(): NameNode {
  return { claims: [], children: new Map(), ignored: false };
}
