/** What the parts of a document's compilation share: the document, what was asked for, the statement's parameters. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import type { EntityReads } from '../entity.ts';
import type { Params } from '../params.ts';
import { jsonText, type Piece } from './json-sql.ts';

/** A document that is left to ordinary execution; the message says what in it cannot be compiled. */
export class Uncompiled extends Error {}

export interface Compiling {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** As the operation's types have made them. */
  readonly variables: Record<string, unknown>;
  readonly params: Params;
  /** A name for rows that no other part of the statement has. */
  readonly alias: () => string;
  /** Notes that rows of the type are read, and what their `where` and `orderBy` say: whoever runs the statement needs the rights. */
  readonly note: (reads: EntityReads, ...asked: readonly unknown[]) => void;
}

/** One field of the answer; several nodes where the document asks for it several times. */
export interface Selected {
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly field: GraphQLField<unknown, unknown>;
}

/** Writes an object: each field by `write`, in the order of the document. */
export function objectOf(
  compiling: Compiling,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  write: (selected: Selected) => readonly Piece[],
): Piece[] {
  const { schema, fragments, variables } = compiling;
  return writeObject(type, collectSubfields(schema, fragments, variables, type, nodes), write);
}

/** The same for fields that have been collected already. */
export function writeObject(
  type: GraphQLObjectType,
  selected: ReadonlyMap<string, readonly FieldNode[]>,
  write: (selected: Selected) => readonly Piece[],
): Piece[] {
  const fields = [...selected].map(([key, nodes], index): Piece[] => {
    const name = nodes[0]?.name.value ?? '';
    const start = `${index === 0 ? '' : ','}${jsonText(key)}:`;
    if (name === '__typename') return [start, jsonText(type.name)];
    const field = type.getFields()[name];
    if (field === undefined) throw new Uncompiled(`${type.name} has no ${name}`);
    return [start, ...write({ name, nodes, field })];
  });
  return ['{', ...fields.flat(), '}'];
}

/** The type of what the field gives, or of each item of its list. */
export function typeOf({ field }: Selected): GraphQLObjectType {
  const type = getNamedType(field.type);
  if (isObjectType(type)) return type;
  throw new Uncompiled(`${field.name} gives one of several types`);
}

/** The arguments of a field as its resolver gets them. @throws GraphQLError for values that do not fit */
export function argumentsOf({ variables }: Compiling, { field, nodes }: Selected): Record<string, unknown> {
  const [node] = nodes;
  if (node === undefined) throw new Uncompiled(`${field.name} is nowhere`);
  return getArgumentValues(field, node, variables);
}
