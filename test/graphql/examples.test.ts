/** What descriptions show by example is there, and can be sent as it stands. */
import {
  type GraphQLInputObjectType,
  isInputObjectType,
  isObjectType,
  parse,
  parseValue,
  validate,
  valueFromAST,
} from 'graphql';
import { expect, test } from 'vitest';
import { loadSchema } from '../../src/server/schema.ts';

const schema = await loadSchema();
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

const codeIn = (text: string | null | undefined): string[] =>
  [...(text ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
const isOperation = (code: string): boolean => /^(query|mutation|subscription)?\s*(\([^)]*\))?\s*\{.*\}$/s.test(code);

/** A root field may be shown by itself: `updateVideo(…) { changed }`. */
function operationOf(place: string, code: string): string | undefined {
  const [root = '', field = ''] = place.split('.');
  const kind = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' }[root];
  if (kind !== undefined && code.startsWith(`${field}(`)) return `${kind} { ${code} }`;
  return isOperation(code) ? code : undefined;
}

/** Whole operations that the descriptions of types and their fields show. */
const operations = types.flatMap((type) =>
  [
    { place: type.name, description: type.description },
    ...(isObjectType(type)
      ? Object.values(type.getFields()).map(({ name, description }) => ({ place: `${type.name}.${name}`, description }))
      : []),
  ].flatMap(({ place, description }) =>
    codeIn(description)
      .map((code) => ({ place, code: operationOf(place, code) ?? '' }))
      .filter(({ code }) => code !== ''),
  ),
);

test('every root field shows an operation that asks for it', () => {
  const shown = new Set(
    operations.filter(({ place, code }) => code.includes(place.split('.')[1] ?? ' ')).map(({ place }) => place),
  );
  const places = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`));
  expect(places.filter((place) => !shown.has(place))).toEqual([]);
});

test('every operation that a description shows is one that this API answers', () => {
  const faults = operations.flatMap(({ place, code }) => faultsOf(code).map((fault) => `${place}: ${code}: ${fault}`));
  expect(faults).toEqual([]);
});

function faultsOf(code: string): string[] {
  try {
    return validate(schema, parse(code)).map(({ message }) => message);
  } catch (thrown) {
    return [String(thrown)];
  }
}

const filters = types.filter(isInputObjectType).filter(({ name }) => /Filter$/.test(name));

/** `where: {…}` stands for a whole value of the type, `equals: 3` for one of its fields. */
function isTaken(type: GraphQLInputObjectType, code: string): boolean {
  const [, name = '', rest = ''] = /^(\w+): (.*)$/s.exec(code) ?? [];
  const whole = type.getFields()[name] === undefined ? rest : `{ ${code} }`;
  try {
    return valueFromAST(parseValue(whole), type) !== undefined;
  } catch {
    return false;
  }
}

test('every filter shows a condition, and takes each that it shows', () => {
  const faults = filters.flatMap((type) => {
    const fields = Object.values(type.getFields());
    const shown = [type, ...fields]
      .flatMap(({ description }) => codeIn(description))
      .filter((code) => /^\w+: ./s.test(code));
    if (shown.length === 0) return [`${type.name} shows none`];
    return shown.filter((code) => !isTaken(type, code)).map((code) => `${type.name}: ${code}`);
  });
  expect(faults).toEqual([]);
});
