/** A whole operation as one statement that gives its answer's text. */
import {
  type ArgumentNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { keyType } from '../batches.ts';
import { declaredEntities } from '../entities.ts';
import type { EntityReads } from '../entity.ts';
import { createParams } from '../params.ts';
import { aggregateOf } from './aggregates-sql.ts';
import { argumentsOf, type Compiling, type Selected, Uncompiled, writeObject } from './compiling.ts';
import { concatSql, type Piece } from './json-sql.ts';
import { listOf, referredSql } from './rows-sql.ts';

type Variables = Record<string, unknown>;

/** What reads of a type say of other types' rows: `where` and `orderBy`. */
export type AskedOf = readonly [reads: EntityReads, asked: readonly unknown[]];

export interface Plan {
  readonly text: string;
  /** The statement's parameters for these variables. @throws Uncompiled */
  readonly valuesFor: (variables: Variables) => unknown[];
  /** Of which types it reads rows, and what it asks of them. Whoever runs it needs the rights to. */
  readonly asked: readonly AskedOf[];
}

/** Writes the value of a root field. @throws Uncompiled to leave the document to ordinary execution */
export type WriteRoot = (compiling: Compiling, selected: Selected) => Piece[];

/** The root fields that can be compiled: those that declarations give, and those that say themselves how. */
export type Roots = ReadonlyMap<string, WriteRoot>;

/** What of an argument's value changes the statement, as JSON; the rest of it is a parameter. */
export type Shape = (value: unknown) => unknown;

interface Contributed {
  readonly write: WriteRoot;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const contributed = new Map<string, Contributed>();

/**
 * Says how a root field with a resolver of its own is compiled, so that both give the same answer. An argument of `shapes`
 * whose whole value is a variable may be added as a function of the variables.
 */
export const compileRoot = (name: string, write: WriteRoot, shapes: Readonly<Record<string, Shape>> = {}): void =>
  void contributed.set(name, { write, shapes });

/** Complete once all files are loaded. */
export const declaredRoots = (): Roots =>
  new Map([
    ...declaredEntities().flatMap(rootsOf),
    ...[...contributed].map(([name, { write }]): [string, WriteRoot] => [name, write]),
  ]);

function rootsOf(reads: EntityReads): [string, WriteRoot][] {
  const single: [string, WriteRoot][] =
    reads.single === undefined ? [] : [[reads.single, (compiling, selected) => singleOf(compiling, reads, selected)]];
  if (reads.listed === false) return single;
  return [
    ...single,
    [reads.plural, (compiling, selected) => listOf(compiling, reads, selected)],
    [
      `${reads.plural}Aggregate`,
      (compiling, selected) => aggregateOf(compiling, reads, undefined, selected, referredSql),
    ],
  ];
}

function singleOf(compiling: Compiling, reads: EntityReads, selected: Selected): Piece[] {
  const name = wholeVariable(selected.nodes[0]?.arguments?.[0]);
  const given = argumentsOf(compiling, selected)[reads.key];
  // The key is the one value that differs from request to request without a change to the statement.
  const value = name === undefined ? asKey(given) : (variables: Variables) => asKey(variables[name]);
  return [{ sql: referredSql(compiling, reads.type, compiling.params.add(value, keyType(reads)), selected) }];
}

function asKey(given: unknown): string {
  if (typeof given !== 'string') throw new Uncompiled('A key is text');
  return given.normalize('NFC');
}

/** The variable that is the whole value of the argument. */
export const wholeVariable = (argument: ArgumentNode | undefined): string | undefined =>
  argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : undefined;

/** A variable whose value changes the statement, and what of it does. */
export interface Shaping {
  readonly name: string;
  readonly shape: Shape;
}

const whole: Shape = (value) => value;

/** The variables whose values change the statement: all but those that are keys of single rows and nothing else. */
export function shapingVariables(document: DocumentNode, operation: OperationDefinitionNode): Shaping[] {
  const singles = new Map(declaredEntities().map(({ single, key }) => [single, key]));
  const names = new Set<string>();
  const inPart: Shaping[] = [];
  const note = (node: Parameters<typeof visit>[0]): void => {
    visit(node, {
      VariableDefinition: () => false,
      Argument: (argument, _key, _parent, _path, ancestors) => {
        const [above, , , field]: readonly unknown[] = ancestors.slice(-4);
        const name = wholeVariable(argument);
        if (name === undefined || !isField(field)) return undefined;
        if (singles.get(field.name.value) === argument.name.value) return false;
        const shape = above === operation && contributed.get(field.name.value)?.shapes[argument.name.value];
        if (!shape) return undefined;
        inPart.push({ name, shape });
        return false;
      },
      Variable: ({ name }) => void names.add(name.value),
    });
  };
  note(operation);
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) note(node);
  return [
    ...[...names].sort().map((name) => ({ name, shape: whole })),
    ...inPart.filter(({ name }) => !names.has(name)),
  ];
}

const isField = (value: unknown): value is { readonly name: { readonly value: string } } =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === Kind.FIELD;

/**
 * Compiles an operation under the values of its variables.
 * @throws Uncompiled for what only resolvers can answer; AppError and GraphQLError for what execution refuses
 */
export function compilePlan(
  roots: Roots,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Plan {
  const type = schema.getQueryType();
  if (operation.operation !== 'query' || type == null) throw new Uncompiled('Only queries are compiled');
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  const params = createParams();
  const asked: AskedOf[] = [];
  let aliases = 0;
  const compiling: Compiling = {
    schema,
    fragments,
    variables,
    params,
    alias: () => {
      aliases += 1;
      return `p${aliases}`;
    },
    note: (reads, ...given) => void asked.push([reads, given]),
  };
  const selected = collectFields(schema, fragments, variables, type, operation.selectionSet);
  const pieces = writeObject(type, selected, (field) => {
    const write = roots.get(field.name);
    if (write === undefined) throw new Uncompiled(`${field.name} has a resolver`);
    return write(compiling, field);
  });
  return {
    text: `SELECT ${concatSql(['{"data":', ...pieces, '}'])} AS answer`,
    valuesFor: (given) => params.values.map((value) => (typeof value === 'function' ? value(given) : value)),
    asked,
  };
}
