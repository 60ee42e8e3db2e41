/**
 * Documents as the compiler must be given them, so that it answers as the specification has it: fields in the order of the
 * document. Given fragments, the compiler takes an object's own fields first and then the last fragment before the first
 * one; of a fragment that is spread twice it forgets the second place, also where the first is left out.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

/** A document of the operation alone, which must be valid: its fragments stand where they are spread. */
export function inDocumentOrder(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  return visit<DocumentNode>(
    { ...document, definitions: [operation] },
    {
      // The compiler writes on the fields, and those of a fragment stand in several places.
      Field: (field) => ({ ...field }),
      SelectionSet: (set) =>
        set.selections.every(({ kind }) => kind === Kind.FIELD)
          ? undefined
          : // What is last in the list is taken first.
            { ...set, selections: set.selections.map((selection) => asInline(selection, fragments)).reverse() },
    },
  );
}

function asInline(
  selection: SelectionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): InlineFragmentNode | SelectionNode {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  const kind = Kind.INLINE_FRAGMENT;
  if (selection.kind === Kind.FIELD) {
    return { kind, selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] } };
  }
  const fragment = fragments.get(selection.name.value);
  if (fragment === undefined) return selection;
  const { typeCondition, selectionSet } = fragment;
  return { kind, typeCondition, selectionSet, ...(selection.directives && { directives: selection.directives }) };
}
