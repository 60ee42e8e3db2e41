/** Which fields of a list's rows the document asks for, so that SQL reads those columns and no others. */
import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { fieldOf, keyColumn } from './entities.ts';
import type { EntityReads } from './entity.ts';

/** The part of a resolver's info that is read here; compiled executors give it too. */
export interface Asked {
  readonly fieldNodes: readonly FieldNode[];
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** Where the rows stand below a field that gives them itself. */
export const ITSELF: readonly string[] = [];
/** Where they stand below a connection. */
export const IN_CONNECTION: readonly string[] = ['edges', 'node'];

/**
 * The names of the fields asked for at `path` below the resolved field, in the order of the document. What directives
 * leave out is counted in: too much is read then, and nothing is missed.
 */
export function askedFields(info: Asked, path: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const node of info.fieldNodes) collect(node.selectionSet, path, info.fragments, names);
  return names;
}

function collect(
  selections: SelectionSetNode | undefined,
  path: readonly string[],
  fragments: Asked['fragments'],
  names: Set<string>,
): void {
  for (const selection of selections?.selections ?? []) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, path, fragments, names);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      collect(fragments[selection.name.value]?.selectionSet, path, fragments, names);
    } else if (path.length === 0) names.add(selection.name.value);
    else if (selection.name.value === path[0]) collect(selection.selectionSet, path.slice(1), fragments, names);
  }
}

/** The columns of the type's table that the fields need; always with its key. Sorted, so that equal questions are equal SQL. */
export function columnsFor(reads: EntityReads, asked: ReadonlySet<string>): string[] {
  const columns = new Set([keyColumn(reads)]);
  for (const name of asked) {
    const relation = reads.relations[name];
    if (reads.fields[name] !== undefined) columns.add(fieldOf(reads, name).column);
    else if (relation?.kind === 'one') columns.add(relation.column);
    for (const column of reads.needs?.[name] ?? []) columns.add(column);
  }
  return [...columns].sort();
}

/** One field node stands for the same selection wherever it is resolved, as long as it is not merged with others. */
const known = new WeakMap<FieldNode, Map<string, readonly string[]>>();

/** {@link columnsFor} of what `info` asks for at one of the `paths`; remembered per place in the document. */
export function askedColumns(
  reads: EntityReads,
  info: Asked,
  paths: readonly (readonly string[])[],
): readonly string[] {
  const read = (): string[] => columnsFor(reads, new Set(paths.flatMap((path) => [...askedFields(info, path)])));
  const [node, ...merged] = info.fieldNodes;
  if (node === undefined || merged.length > 0) return read();
  const byType = known.get(node) ?? new Map<string, readonly string[]>();
  known.set(node, byType);
  const columns = byType.get(reads.type) ?? read();
  byType.set(reads.type, columns);
  return columns;
}
