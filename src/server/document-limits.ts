/** What a document may hold, checked before anything is compiled: compilation expands fragments, and twice nested they double. */
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode, visit } from 'graphql';

export interface DocumentLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields after fragments are expanded. */
  readonly fields: number;
}

/** The largest documents that clients send use a third of these. */
export const DOCUMENT_LIMITS: DocumentLimits = { depth: 20, aliases: 100, directives: 50, fields: 2_000 };
/** The parser gives up beyond this; it works on one token at a time, so length costs nothing before. */
export const MOST_TOKENS = 2_000;

interface Extent {
  readonly depth: number;
  readonly fields: number;
}

/** What of a document is beyond `limits`, as a predicate; undefined for one that is within them. */
export function exceededLimit(document: DocumentNode, limits: DocumentLimits): string | undefined {
  const { aliases, directives } = count(document);
  if (aliases > limits.aliases) return `has more than ${limits.aliases} aliases`;
  if (directives > limits.directives) return `has more than ${limits.directives} directives`;
  const { depth, fields } = measure(document);
  if (depth > limits.depth) return `is nested more than ${limits.depth} deep`;
  if (fields > limits.fields) return `asks for more than ${limits.fields} fields`;
  return undefined;
}

function count(document: DocumentNode): { aliases: number; directives: number } {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: (node) => {
      if (node.alias !== undefined) aliases += 1;
    },
    Directive: () => {
      directives += 1;
    },
  });
  return { aliases, directives };
}

/** Depth and expanded fields of the largest operation. Each fragment is measured once; a circular one is refused elsewhere. */
function measure(document: DocumentNode): Extent {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, Extent>();
  const ofFragment = (name: string): Extent => {
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, { depth: 0, fields: 0 });
    const extent = ofSelections(fragments.get(name)?.selectionSet);
    known.set(name, extent);
    return extent;
  };
  const ofSelections = (set: SelectionSetNode | undefined): Extent => {
    let depth = 0;
    let fields = 0;
    for (const node of set?.selections ?? []) {
      const isField = node.kind === Kind.FIELD;
      const inner = node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : ofSelections(node.selectionSet);
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      fields += inner.fields + (isField ? 1 : 0);
    }
    return { depth, fields };
  };
  const extents = document.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? ofSelections(node.selectionSet) : { depth: 0, fields: 0 },
  );
  return {
    depth: Math.max(0, ...extents.map((extent) => extent.depth)),
    fields: Math.max(0, ...extents.map((extent) => extent.fields)),
  };
}
