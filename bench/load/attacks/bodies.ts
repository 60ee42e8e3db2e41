/** Bodies that are large, deep, slow or never whole. */
import { type Attack, bearer, type Field, type Outcome, post, repeat } from './attack.ts';
import { head, speak } from './speak.ts';

const MEGABYTE = 1_000_000;
const body = (name: string, lanes: number, may: readonly Outcome[], run: Attack['run']): Attack => {
  return { name: `body: ${name}`, lanes, may, run };
};
const large = (megabytes: number): string =>
  JSON.stringify({ query: '{ me { role } }', variables: { x: 'x'.repeat(megabytes * MEGABYTE) } });

const viewerOf = ({ random, viewers }: Field): string => random.pick(viewers);
const headers = (field: Field, ...more: string[]): string =>
  head('POST /graphql', [
    `authorization: ${bearer(viewerOf(field))['authorization']}`,
    'content-type: application/json',
    ...more,
  ]);

/** Half of what was announced, one byte now and then. */
const slow = (field: Field): Promise<Outcome> =>
  speak(field, [headers(field, 'content-length: 1000'), ...repeat(500, () => '{').split(' ')], { everyMs: 500 });

const unfinishedForm = (field: Field): Promise<Outcome> => {
  const start = '--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"{ me { role } }"}\r\n';
  const type = 'content-type: multipart/form-data; boundary=b';
  return speak(field, [headers(field, 'content-length: 100000').replace(/content-type: [^\r]*/, type), start], {});
};

export const BODIES: readonly Attack[] = [
  body('9 MB of variable', 2, [200, 400], (field) => post(field, large(9))),
  body('20 MB', 1, [413, 'closed'], (field) => post(field, large(20))),
  body('20 MB that say they are 10', 1, [400, 'closed'], (field) =>
    speak(field, [headers(field, 'content-length: 10000000'), 'x'.repeat(20 * MEGABYTE)], {}),
  ),
  body('20 MB in chunks of no told length', 1, [413, 'closed'], (field) => {
    const chunk = `${MEGABYTE.toString(16)}\r\n${'x'.repeat(MEGABYTE)}\r\n`;
    return speak(
      field,
      [headers(field, 'transfer-encoding: chunked'), ...repeat(20, () => chunk, '\n').split(/\n(?=f4240)/)],
      {},
    );
  }),
  body('JSON of 1,000,000 levels', 1, [400], (field) => post(field, `{"query":${'['.repeat(MEGABYTE)}`)),
  body('500,000 numbers', 1, [200, 400], (field) => {
    return post(field, `{"query":"{ me { role } }","variables":{"x":[${repeat(500_000, () => '1', ',')}]}}`);
  }),
  body('two bytes a second', 20, ['closed'], slow),
  body('9 MB less its last byte', 8, ['closed'], (field) => {
    const text = large(9);
    return speak(field, [headers(field, `content-length: ${text.length}`), text.slice(0, -1)], {});
  }),
  body('a form without its end', 4, ['closed'], unfinishedForm),
];
