/** The schema's types as the reference groups them, who uses them, and which examples show them. */
import {
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  parse,
} from 'graphql';

/** One operation that can be run as it is. */
export interface Example {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A place that mentions a type: `Query.videos`, `Query.videos(where:)`, `VideoFilter.channel`. */
export interface Use {
  readonly type: string;
  readonly member: string;
  readonly argument: string | undefined;
}

export interface Catalogue {
  readonly types: ReadonlyMap<string, GraphQLNamedType>;
  /** Groups in the order in which they are read, each sorted by name. */
  readonly groups: readonly { readonly title: string; readonly isOften: boolean; readonly names: readonly string[] }[];
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  /** By root field, such as `Query.videos`. */
  readonly examples: ReadonlyMap<string, readonly Example[]>;
}

/** The first rule that fits names the group. What people look up often stands open, the rest folded. */
const GROUPS: readonly (readonly [title: string, isOften: boolean, fits: (type: GraphQLNamedType) => boolean])[] = [
  ['Rows', true, (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')],
  ['Pages of lists', false, ({ name }) => /(Connection|Edge)$/.test(name)],
  [
    'Aggregates',
    false,
    (type) => isObjectType(type) && /(Aggregate|Group|Groups|Key|Avg|Min|Max|Sum|CountDistinct)$/.test(type.name),
  ],
  ['Answers of mutations', false, (type) => isObjectType(type) && /(Payload|Result)$/.test(type.name)],
  ['Events', false, (type) => isObjectType(type) && /Event$/.test(type.name)],
  ['Other answers', true, (type) => isObjectType(type) || isInterfaceType(type) || isUnionType(type)],
  ['Filters', false, (type) => isInputObjectType(type) && /Filter$/.test(type.name)],
  ['Orders', false, ({ name }) => /Order(By)?$/.test(name)],
  ['Inputs', true, isInputObjectType],
  ['Enumerations', true, isEnumType],
  ['Scalars', true, isScalarType],
];

/** Reads the schema once. */
export function readCatalogue(schema: GraphQLSchema, examples: readonly Example[]): Catalogue {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const own = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const titles = new Map(
    own
      .filter((type) => !(isObjectType(type) && roots.has(type)))
      .map((type) => [type.name, GROUPS.find(([, , fits]) => fits(type))?.[0]]),
  );
  const groups = GROUPS.map(([title, isOften]) => ({
    title,
    isOften,
    names: own.map(({ name }) => name).filter((name) => titles.get(name) === title),
  }));
  return {
    types: new Map(own.map((type) => [type.name, type])),
    groups: groups.filter(({ names }) => names.length > 0),
    uses: usesOf(own.filter((type) => !isSpecifiedScalarType(type))),
    examples: examplesByField(schema, examples),
  };
}

function usesOf(types: readonly GraphQLNamedType[]): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const add = (used: GraphQLOutputType | GraphQLInputType, type: string, member: string, argument?: string): void => {
    const { name } = getNamedType(used);
    uses.set(name, [...(uses.get(name) ?? []), { type, member, argument }]);
  };
  for (const type of types) {
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) add(field.type, type.name, field.name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(field.type, type.name, field.name);
      for (const argument of field.args) add(argument.type, type.name, field.name, argument.name);
    }
  }
  return uses;
}

function examplesByField(schema: GraphQLSchema, examples: readonly Example[]): ReadonlyMap<string, readonly Example[]> {
  const found = new Map<string, Example[]>();
  for (const example of examples) {
    for (const definition of parse(example.query).definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const root = schema.getRootType(definition.operation)?.name ?? '';
      for (const selection of definition.selectionSet.selections) {
        if (selection.kind !== Kind.FIELD) continue;
        const place = `${root}.${selection.name.value}`;
        found.set(place, [...(found.get(place) ?? []), example]);
      }
    }
  }
  return found;
}
