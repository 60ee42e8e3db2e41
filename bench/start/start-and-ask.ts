/** One start of the whole server, as `npm start` does it, up to its first answer; then it is stopped. */
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { startServerProcess } from '../clients/server-process.ts';

/** A token for the bench's own server, which listens on loopback for a second. */
const TOKEN = 'bench-token-of-a-server-that-lives-for-a-second';

export interface Start {
  /** Milliseconds until the port was open. */
  readonly served: number;
  /** Milliseconds until the first answer was there. */
  readonly answered: number;
}

/** Starts it on `dataDir`, asks for a list and stops it. @throws when the answer is none */
export async function startAndAsk(dataDir: string): Promise<Start> {
  const begun = performance.now();
  const server = await startServerProcess([join(PROJECT_ROOT, 'src', 'main.ts'), 'serve'], {
    CAIRN_DATA_DIR: dataDir,
    CAIRN_ADMIN_TOKEN: TOKEN,
    PORT: '0',
  });
  try {
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ researches(first: 10) { totalCount nodes { researchId title } } }' }),
    });
    const text = await answer.text();
    if (!answer.ok || text.includes('"errors":')) throw new Error(`The first answer was ${answer.status}: ${text}`);
    return { served: server.startedIn, answered: performance.now() - begun };
  } finally {
    await server.stop();
  }
}
