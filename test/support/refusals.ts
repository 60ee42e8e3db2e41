/** What must hold of every input that is refused, whatever is wrong with it. */
import { beforeAll, expect, test } from 'vitest';
import { CLIENT_CODES, type ClientCode } from '../../src/kernel/client-code.ts';
import type { TestDatabase } from './database.ts';
import { ADMIN_TOKEN } from './http.ts';

/** What is wrong, the body that is sent, and the code of the answer. */
export type Refusal = readonly [what: string, body: string | Uint8Array<ArrayBuffer>, code: ClientCode];

export interface Refuser {
  readonly url: string;
  readonly logged: () => string;
}

export interface RefusalOptions {
  /** The status of every answer; any below 500 unless given: what fails within an operation is answered by 200. */
  readonly status?: number;
  readonly token?: string;
}

/** Stands in bodies for what a client would not want to see again. */
export const SECRET = 'secret-of-the-body';

export const body = (query: string, variables?: object): string => JSON.stringify({ query, variables });
export const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
export const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

/** How many rows each table has, the change log among them. */
async function rowCounts({ owner }: TestDatabase): Promise<unknown[]> {
  const { rows } = await owner.query(
    `SELECT c.relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I', c.relname), false, true, '')))[1]::text AS n
       FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      ORDER BY c.relname`,
  );
  return rows;
}

/** A test for each: the code, few words, no echo, nothing of the inside, and a server that goes on. Then: no row anywhere. */
export function testRefusals(
  { url, logged }: Refuser,
  database: TestDatabase,
  refusals: readonly Refusal[],
  { status, token = ADMIN_TOKEN }: RefusalOptions = {},
): void {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  let before: unknown[] = [];
  beforeAll(async () => {
    before = await rowCounts(database);
  });

  test.each(refusals)('%s', async (_what, sent, code) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', body: sent, headers });
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors?: { message: string; extensions: Record<string, unknown> }[] };
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(errors?.map(() => code));
    expect(CLIENT_CODES).toContain(code);
    expect(errors?.length).toBeLessThanOrEqual(5);
    if (status === undefined) expect(response.status).toBeLessThan(500);
    else expect(response.status).toBe(status);
    expect(errors?.[0]?.extensions['requestId']).toBe(response.headers.get('x-request-id'));
    expect(text.length).toBeLessThan(4_000);
    expect(text).not.toMatch(
      new RegExp(`${SECRET}|Did you mean|originalError|stack|SELECT|INSERT|pg_|node_modules|relation "|constraint "`),
    );
    const alive = await fetch(`${url}/graphql`, { method: 'POST', body: '{"query":"{ __typename }"}', headers });
    expect(await alive.json()).toEqual({ data: { __typename: 'Query' } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('nothing of it left a row anywhere, a secret in the log, or was a fault of ours', async () => {
    expect(await rowCounts(database)).toEqual(before);
    const found = [token, SECRET, '"level":50'].filter((text) => logged().includes(text));
    expect(found).toEqual([]);
  });
}
