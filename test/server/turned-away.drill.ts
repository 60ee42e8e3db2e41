/** Whoever waited for a turn in vain is told so then, and does not wait for the next one on another way to the answer. */
import { beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import { LANE_LIMITS } from '../../src/server/lanes.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN, codeOf, useTestServer } from '../support/http.ts';
import { seedResearches } from '../support/research.ts';

const PATIENCE = 1_500;
const database = await useTestDatabase();
const server = await useTestServer(database, {
  schema: await loadSchema(),
  settings: { rateLimit: 1_000_000 },
  lanes: { ...LANE_LIMITS, read: { ...LANE_LIMITS.read, places: 1, patience: PATIENCE } },
});

beforeAll(() => seedResearches(database.owner, 2));

const BODY = { query: '{ researches { nodes { researchId } } }' };
const tokenOf = async (name: string): Promise<string> =>
  (await createToken(database, TESTER, { name, role: 'viewer' })).token;
const ask = (token: string): Promise<Response> => server.post(BODY, { headers: { authorization: `Bearer ${token}` } });

test.each([
  ['presumed', () => tokenOf('presumed')],
  ['looked up', async () => ADMIN_TOKEN],
])('who is %s waits once, and is told when to come back', async (_, made) => {
  const [token, other] = [await made(), await tokenOf(`other of ${_}`)];
  for (let turn = 0; turn < 3; turn += 1) for (const each of [token, other]) expect((await ask(each)).status).toBe(200);
  const holder = await database.owner.connect();
  try {
    await holder.query('BEGIN; LOCK TABLE researches');
    const holding = ask(other);
    await expect
      .poll(async () => {
        const { rowCount } = await database.owner.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        return rowCount;
      })
      .toBe(1);
    const begun = performance.now();
    const refused = await ask(token);
    const waited = performance.now() - begun;
    expect([refused.status, refused.headers.get('retry-after'), await codeOf(refused)]).toEqual([
      429,
      '1',
      'RATE_LIMITED',
    ]);
    expect(waited).toBeGreaterThanOrEqual(PATIENCE - 5);
    expect(waited).toBeLessThan(2 * PATIENCE);
    await holder.query('ROLLBACK');
    expect((await holding).status).toBe(200);
    expect((await ask(token)).status).toBe(200);
  } finally {
    holder.release();
  }
});
