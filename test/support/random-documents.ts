/** Query documents made of the declarations by chance: what a client could ask, and some of what it had better not. */
import type { GeneratorValue } from 'fast-check';
import fc from 'fast-check';
import { groupingsOf, groupKeysOf } from '../../src/graphql/aggregates/group-keys.ts';
import { FUNCTIONS, resultsOf } from '../../src/graphql/aggregates/measures.ts';
import { entityReads } from '../../src/graphql/entities.ts';
import type { EntityReads, FieldReads, ListRelation } from '../../src/graphql/entity.ts';
import { enumName } from '../../src/graphql/enumerations.ts';
import { operatorsOf } from '../../src/graphql/operators.ts';

export interface RandomDocument {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Draws, and keeps what the whole document has in common. */
interface Drawing {
  readonly upTo: (most: number) => number;
  readonly of: <T>(values: readonly T[]) => T;
  readonly oneIn: (many: number) => boolean;
  readonly alias: () => string;
  readonly variable: (type: string, value: unknown) => string;
  readonly fragment: (type: string, selection: string) => string;
}

const DIRECTIONS = ['ASC', 'DESC', 'ASC_NULLS_FIRST', 'DESC_NULLS_FIRST'];
const PLACES = ['first: 3', 'first: 1', 'first: 100', 'last: 2', 'last: 7', ''];

/** A document with some of the types' root fields. */
export function randomDocument(g: GeneratorValue, types: readonly EntityReads[]): RandomDocument {
  let aliases = 0;
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const fragments: string[] = [];
  const upTo = (most: number): number => g(fc.nat, { max: most });
  const draw: Drawing = {
    upTo,
    of: (values) => {
      const value = values[upTo(values.length - 1)];
      if (value === undefined) throw new Error('There is nothing to choose from');
      return value;
    },
    oneIn: (many) => upTo(many - 1) === many - 1,
    alias: () => {
      aliases += 1;
      return `a${aliases}: `;
    },
    variable: (type, value) => {
      const name = `v${declared.length}`;
      declared.push(`$${name}: ${type}`);
      if (value !== undefined) variables[name] = value;
      return `$${name}`;
    },
    fragment: (type, selection) => {
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${type} ${selection}`);
      return `...${name}`;
    },
  };
  const listed = types.filter((reads) => reads.listed !== false);
  const roots = Array.from({ length: 1 + upTo(1) }, () => root(draw, draw.of(listed)));
  const head = declared.length === 0 ? 'query Q' : `query Q(${declared.join(', ')})`;
  return { query: [`${head} { ${roots.join(' ')} }`, ...fragments].join('\n'), variables };
}

function root(draw: Drawing, reads: EntityReads): string {
  const kind = draw.upTo(5);
  if (kind === 0) return '__typename';
  if (kind === 1) return aggregate(draw, reads, `${reads.plural}Aggregate`);
  if (kind === 2 && reads.single !== undefined) {
    const key = draw.of(['glif0', "it's; drop table videos; --5", 'none', 'Café8']);
    const value = draw.oneIn(2) ? draw.variable('String!', key) : JSON.stringify(key);
    return `${draw.alias()}${reads.single}(${reads.key}: ${value})${directive(draw)} ${rowSelection(draw, reads, 2)}`;
  }
  return list(draw, reads, reads.plural, 2);
}

function directive(draw: Drawing): string {
  if (!draw.oneIn(6)) return '';
  const flag = draw.oneIn(2);
  const value = draw.oneIn(2) ? draw.variable('Boolean!', flag) : String(flag);
  return ` @${draw.of(['include', 'skip'])}(if: ${value})`;
}

/** What is asked of a row; some of it in fragments. */
function rowSelection(draw: Drawing, reads: EntityReads, depth: number): string {
  const parts = Array.from({ length: 1 + draw.upTo(4) }, () => rowPart(draw, reads, depth));
  return `{ __typename ${parts.join(' ')} }`;
}

function rowPart(draw: Drawing, reads: EntityReads, depth: number): string {
  const kind = draw.upTo(9);
  const relations = Object.entries(reads.relations);
  if (kind === 0) return `... on Node { id ${draw.alias()}id }`;
  if (kind === 1 && depth > 0) return `... on ${reads.type}${directive(draw)} ${rowSelection(draw, reads, depth - 1)}`;
  if (kind === 2 && depth > 0) return draw.fragment(reads.type, rowSelection(draw, reads, depth - 1)) + directive(draw);
  if (kind <= 5 && depth > 0 && relations.length > 0) {
    const [name, relation] = draw.of(relations);
    const target = entityReads(relation.target);
    if (relation.kind === 'one') return `${name}${directive(draw)} ${rowSelection(draw, target, depth - 1)}`;
    return draw.oneIn(4) ? aggregate(draw, target, `${name}Aggregate`) : list(draw, target, name, depth - 1, relation);
  }
  const name = draw.of(['id', ...Object.keys(reads.fields)]);
  return `${draw.oneIn(3) ? draw.alias() : ''}${name}${directive(draw)}`;
}

function list(draw: Drawing, reads: EntityReads, name: string, depth: number, relation?: ListRelation): string {
  const edge = relation?.kind === 'through' ? Object.keys(relation.edge) : [];
  const parts = Array.from({ length: 1 + draw.upTo(2) }, () => {
    switch (draw.upTo(4)) {
      case 0:
        return `totalCount${directive(draw)}`;
      case 1:
        return 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
      case 2:
        return `edges { cursor ${edge.join(' ')} node ${rowSelection(draw, reads, depth)} }`;
      default:
        return `nodes ${rowSelection(draw, reads, depth)}`;
    }
  });
  const given = [draw.of(PLACES), where(draw, reads), order(draw, reads)].filter(Boolean).join(', ');
  return `${draw.alias()}${name}${given === '' ? '' : `(${given})`}${directive(draw)} { ${parts.join(' ')} }`;
}

function order(draw: Drawing, reads: EntityReads): string {
  if (draw.oneIn(2)) return '';
  const fields = Object.entries(reads.fields).filter(([, field]) => field.order);
  const entries = Array.from({ length: 1 + draw.upTo(1) }, () => {
    const relations = Object.entries(reads.relations);
    if (draw.oneIn(4) && relations.length > 0) {
      const [name, relation] = draw.of(relations);
      const inner = relation.kind === 'one' ? entityReads(relation.target).key : 'count';
      return `{ ${name}: { ${inner}: ${draw.of(DIRECTIONS)} } }`;
    }
    return `{ ${draw.of(fields)[0]}: ${draw.of(DIRECTIONS)} }`;
  });
  return `orderBy: [${entries.join(', ')}]`;
}

function where(draw: Drawing, reads: EntityReads): string {
  if (!draw.oneIn(3)) return '';
  const field = Object.entries(reads.fields).filter(([, one]) => operatorsOf(one).length > 0);
  const [name, asked] = draw.of(field);
  const [condition, value] = conditionOn(draw, asked);
  if (draw.oneIn(3)) return `where: ${draw.variable(`${reads.type}Filter`, { [name]: value })}`;
  const one = `{ ${name}: ${condition} }`;
  const relations = Object.entries(reads.relations);
  if (draw.oneIn(3)) return `where: { not: ${one} }`;
  if (draw.oneIn(4) && relations.length > 0) {
    const [related, relation] = draw.of(relations);
    return `where: { or: [${one}, { ${related}: ${relation.kind === 'one' ? '{}' : '{ some: {} }'} }] }`;
  }
  return `where: ${one}`;
}

/** A condition as a literal, and as a variable's value. */
function conditionOn(draw: Drawing, field: FieldReads): [string, unknown] {
  const names = operatorsOf(field).map(({ name }) => name);
  if (names.includes('contains') && draw.oneIn(2)) return ['{ contains: "GLIF" }', { contains: 'GLIF' }];
  if (field.values !== undefined) {
    const values = field.values.values.slice(0, 2).map(enumName);
    return [`{ in: [${values.join(', ')}] }`, { in: values }];
  }
  if (names.includes('isNull')) return ['{ isNull: false }', { isNull: false }];
  return ['{}', {}];
}

function aggregate(draw: Drawing, reads: EntityReads, name: string): string {
  const parts = Array.from({ length: 1 + draw.upTo(2) }, () =>
    draw.oneIn(2) ? groups(draw, reads) : figure(draw, reads),
  );
  const given = where(draw, reads);
  return `${draw.alias()}${name}${given === '' ? '' : `(${given})`} { ${parts.join(' ')} }`;
}

function figure(draw: Drawing, reads: EntityReads): string {
  const each = draw.of(FUNCTIONS);
  const fields = Object.keys(resultsOf(reads, each));
  return fields.length === 0 || draw.oneIn(3) ? 'count' : `${draw.alias()}${each.name} { ${draw.of(fields)} }`;
}

function groups(draw: Drawing, reads: EntityReads): string {
  const groupings = [...groupingsOf(reads)].filter(([, { bucket }]) => bucket === undefined || draw.oneIn(20));
  if (groupings.length === 0) return 'count';
  const [value, { key }] = draw.of(groupings);
  const keys = groupKeysOf(reads).flatMap(({ name, target, field }) => {
    if (target !== undefined) return name === key.name ? [`${name} { id }`] : [];
    return field.kind === 'dateTime' ? [`${name} { label }`] : [name];
  });
  const nodes = `{ key { ${keys.join(' ')} } count ${figure(draw, reads)} }`;
  return `${draw.alias()}groups(by: [${value}], ${draw.of(['first: 3', 'last: 3', 'orderBy: [{ count: DESC }]', 'having: { count: { gt: 1 } }'])}) { totalCount edges { cursor node ${nodes} } pageInfo { hasNextPage endCursor } }`;
}
