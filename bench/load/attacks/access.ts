/** Those who guess, and those who take more than is theirs. */
import { ask } from '../../clients/ask.ts';
import { holdStream } from '../stream.ts';
import { type Attack, bearer, type Field, type Outcome, postQuery } from './attack.ts';

const guess = ({ random }: Field): string => `cairn_${repeatRandom(random, 43)}`;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const repeatRandom = (random: Field['random'], length: number): string =>
  Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join('');

async function openPage(field: Field, path: string): Promise<Outcome> {
  const { agent, signal, url } = field;
  try {
    const target = new URL(path, url);
    return (await ask({ agent, url: target, method: 'GET', headers: {}, body: Buffer.alloc(0), signal })).status;
  } catch {
    return signal.aborted ? 'left' : 'closed';
  }
}

/** Opens them all, and holds those that were opened until the time is up; what came of the last is the outcome. */
async function subscribe(field: Field, count: number): Promise<Outcome> {
  const headers = bearer(field.viewers[0]);
  let refused: Outcome = 'left';
  const streams = Array.from({ length: count }, () =>
    holdStream(field.url, headers, 'subscription { videosChanged { kind count } }', (fault) => {
      refused = Number(/\d{3}/.exec(fault)?.[0] ?? 0) || 'closed';
    }),
  );
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 3_000).unref();
    field.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const stream of streams) stream.leave();
  return field.signal.aborted ? 'left' : refused;
}

export const ACCESS: readonly Attack[] = [
  {
    name: 'access: wrong tokens',
    lanes: 4,
    may: [401],
    run: (field) => postQuery(field, '{ me { role } }', {}, guess(field)),
  },
  {
    name: 'access: sign-in links made up',
    lanes: 2,
    may: [200, 400, 401, 403, 404],
    run: (field) => openPage(field, `/sign-in?code=${guess(field)}`),
  },
  { name: 'access: 300 subscriptions of one', lanes: 1, may: ['closed'], run: (field) => subscribe(field, 300) },
];
