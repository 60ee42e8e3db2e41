/** Documents that are made to be expensive to read, before anything is asked of the database. */
import { type Attack, post, postQuery, repeat } from './attack.ts';

const nested = (depth: number, open: string, inside: string, close: string): string =>
  `${open.repeat(depth)}${inside}${close.repeat(depth)}`;

const LIST_OF_100 =
  'researches(first: 100) { nodes { videos(first: 100) { nodes { researches(first: 100) { nodes { id } } } } } }';

const document = (name: string, query: () => string): Attack => ({
  name: `document: ${name}`,
  lanes: 1,
  may: [400],
  run: (field) => postQuery(field, query()),
});

export const DOCUMENTS: readonly Attack[] = [
  document('6,000 aliases', () => `{ ${repeat(6_000, (n) => `a${n}: __typename`)} }`),
  document('a field 20,000 times', () => `{ me { ${repeat(20_000, () => 'role')} } }`),
  document('500 levels', () => nested(500, '{ researches { nodes { videos { nodes ', '{ id }', '} } } }')),
  document(
    'a list literal of 20,000 levels',
    () => `{ videos(where: ${nested(20_000, '[', '', ']')}) { totalCount } }`,
  ),
  document('10,000 directives', () => `{ me { role ${repeat(10_000, () => '@skip(if: false)')} } }`),
  document('9,000 unknown directives', () => `{ me { role ${repeat(9_000, () => '@aa')} } }`),
  document('circular fragments', () => '{ me { ...A } } fragment A on Me { ...B } fragment B on Me { ...A }'),
  document('fragments that double 25 times', () => {
    const bomb = repeat(25, (n) => `fragment F${n} on Me { ...F${n + 1} ...F${n + 1} }`);
    return `{ me { ...F0 } } ${bomb} fragment F25 on Me { role }`;
  }),
  document('three lists of 100 in one another', () => `{ ${LIST_OF_100} }`),
  document(
    'circular introspection',
    () => `{ __schema { types { ${nested(9, 'fields { type { ', 'name', '} }')} } } }`,
  ),
  {
    name: 'document: 90,000 characters of faults',
    lanes: 1,
    may: [400],
    run: (field) => postQuery(field, `{ ${repeat(900, (n) => `nothing${n}`)} }`),
  },
  {
    // Each is a new one, so that nothing that was made of the one before can be used again.
    name: 'document: as large as may be, never the same',
    lanes: 4,
    may: [200, 400],
    run: (field) => {
      const salt = field.random.below(1_000_000_000);
      const fields = 'videoId title status phase duration channel { name } influencers(first: 1) { nodes { name } }';
      return postQuery(field, `{ ${repeat(60, (n) => `a${salt}_${n}: videos(first: 1) { nodes { ${fields} } }`)} }`);
    },
  },
  {
    name: 'document: fields that may conflict, never the same',
    lanes: 2,
    may: [200, 400],
    run: (field) => {
      const salt = field.random.below(1_000_000_000);
      const part = (n: number): string => `... on Query @include(if: true) { a${salt % 7}: me { role ...F${n % 20} } }`;
      const fragments = repeat(20, (n) => `fragment F${n} on Me { b${salt}: role ...F${n + 1} }`);
      return postQuery(field, `{ ${repeat(40, part)} } ${fragments} fragment F20 on Me { kind }`);
    },
  },
  { name: 'body: no operation', lanes: 1, may: [400], run: (field) => post(field, '[]') },
];
