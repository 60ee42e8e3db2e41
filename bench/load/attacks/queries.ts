/** Operations within every limit of documents and price, made to take the database long or to bring very much. */
import { topics } from '../../reads/library.ts';
import { type Attack, type Field, postQuery, repeat } from './attack.ts';

/** Twenty questions in one request, none like the other: nothing can be looked up once for all. */
const many = (field: Field, count: number, question: (n: number, salt: string) => string): string => {
  const salt = String(field.random.below(1_000_000));
  return `{ ${repeat(count, (n) => `a${n}: ${question(n, salt)}`)} }`;
};

const query = (
  name: string,
  lanes: number,
  text: (field: Field) => string,
  variables?: (field: Field) => object,
): Attack => ({
  name: `query: ${name}`,
  lanes,
  may: [200, 400],
  run: (field) => postQuery(field, text(field), variables?.(field)),
});

/** What nothing is indexed for: part of a text, in rows related twice. */
const CONTAINS = (n: number, salt: string): string =>
  `videos(first: 1, where: { sourceUrl: { contains: "${salt}x${n}" } }) { totalCount }`;
const FAR = (n: number, salt: string): string =>
  `researches(first: 1, where: { videos: { some: { influencers: { some: { videos: { some: { title: { contains: "q${salt}${n}" } } } } } } } }) { totalCount }`;
const NONE = (n: number, salt: string): string =>
  `videos(first: 1, where: { researches: { every: { videos: { none: { title: { endsWith: "q${salt}${n}" } } } } } }) { totalCount }`;
const ORDER = (n: number): string =>
  `videos(first: 100, orderBy: [{ influencers: { count: DESC } }, { researches: { count: ASC } }, { channel: { name: DESC } }, { title: ASC }], where: { phase: { gte: ${n % 7} } }) { nodes { id } }`;
const COUNTED = (n: number): string =>
  `videosAggregate(where: { duration: { gte: ${n} } }) { count countDistinct { title sourceUrl } groups(by: [CREATED_DATE_DAY, CHANNEL, STATUS], first: 100) { nodes { count } } }`;
const FOUND = (n: number, salt: string): string =>
  `search(query: "${topics.slice(n, n + 40).join(' OR ')} -x${salt}", first: 50) { totalCount edges { headline moments(first: 20) { startSeconds } } }`;

const ANYTHING = (depth: number): string =>
  depth === 0 ? '{ title: { contains: "z" } }' : `{ or: [${ANYTHING(depth - 1)}, ${ANYTHING(depth - 1)}] }`;

export const QUERIES: readonly Attack[] = [
  query('part of a text, 50 times', 6, (field) => many(field, 50, CONTAINS)),
  query('rows by rows of rows', 6, (field) => many(field, 10, FAR)),
  query('every one of none', 6, (field) => many(field, 10, NONE)),
  query('order by four things, 30 times', 4, (field) => many(field, 30, ORDER)),
  query('figures of everything, 20 times', 4, (field) => many(field, 20, COUNTED)),
  query('searches for everything', 4, (field) => many(field, 10, FOUND)),
  query('or of or of or', 2, () => `{ videos(where: ${ANYTHING(7)}) { totalCount } }`),
  query(
    '10,000 values in one list',
    2,
    () => 'query ($ids: [ID!]) { videos(first: 100, where: { videoId: { in: $ids } }) { totalCount nodes { title } } }',
    ({ random }) => ({ ids: Array.from({ length: 10_000 }, () => `VID-${random.below(1_000_000)}`) }),
  ),
  query('as many transcripts as the price allows', 4, () => {
    const videos =
      'videos(first: 100) { nodes { transcriptContent researches(first: 3) { nodes { videos(first: 5) { nodes { transcriptContent } } } } } }';
    return `{ researches(first: 60) { nodes { ${videos} } } }`;
  }),
  query('pages by cursors that nobody gave', 1, ({ random }) => {
    return `{ videos(first: 100, after: "${Buffer.from(`["${random.below(1e9)}"]`).toString('base64url')}") { nodes { id } } }`;
  }),
];
