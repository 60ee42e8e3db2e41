/** Connections that ask for nothing, for too much, or do not take what they asked for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Attack, bearer, type Field, type Outcome, postQuery } from './attack.ts';
import { head, speak } from './speak.ts';

const authorization = ({ random, viewers }: Field): string =>
  `authorization: ${bearer(random.pick(viewers))['authorization']}`;

/** About a megabyte. */
const LARGE = '{ videos(first: 100) { nodes { transcriptContent title researches(first: 20) { nodes { title } } } } }';

const asked = (field: Field, query: string): string => {
  const body = JSON.stringify({ query });
  const headers = [
    authorization(field),
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return `${head('POST /graphql', headers)}${body}`;
};

const connection = (name: string, lanes: number, may: readonly Outcome[], run: Attack['run']): Attack => {
  return { name: `connection: ${name}`, lanes, may, run };
};

export const CONNECTIONS: readonly Attack[] = [
  connection('no request', 60, ['closed'], (field) => speak(field, [], {})),
  connection('headers without an end', 20, ['closed'], (field) =>
    speak(field, ['GET / HTTP/1.1\r\nhost: x\r\n', ...Array.from({ length: 300 }, (_, n) => `x-${n}: y\r\n`)], {
      everyMs: 100,
    }),
  ),
  connection('20 KB of headers', 2, [431, 'closed'], (field) =>
    speak(field, [head('GET /health', [`x: ${'y'.repeat(20_000)}`])], {}),
  ),
  connection('3,000 headers', 2, [431, 'closed'], (field) =>
    speak(
      field,
      [
        head(
          'GET /health',
          Array.from({ length: 3_000 }, (_, n) => `x${n}: 1`),
        ),
      ],
      {},
    ),
  ),
  connection('no HTTP', 2, [400, 'closed'], (field) => speak(field, ['\u0016\u0003\u0001 not at all\r\n\r\n'], {})),
  connection('100 requests before the first answer', 2, [200], (field) =>
    speak(field, [asked(field, '{ me { role } }').repeat(100)], {}),
  ),
  // Its window is full after a while: the rest of the answer waits in the server.
  connection('answers that nobody reads', 20, ['closed'], (field) =>
    speak(field, [asked(field, LARGE).repeat(10)], { isDeaf: true }),
  ),
  connection('questions broken off', 4, ['left', 200], async (field) => {
    const leaving = new AbortController();
    const query =
      '{ videos(first: 100, where: { title: { contains: "zz" } }, orderBy: [{ influencers: { count: DESC } }]) { totalCount nodes { title } } }';
    const answered = postQuery({ ...field, signal: leaving.signal }, query);
    await sleep(5 + field.random.below(100));
    leaving.abort();
    return answered;
  }),
];
