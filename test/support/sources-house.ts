/** What work on sources needs, over a test's database: a place of its own and no network but the loopback. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterAll } from 'vitest';
import type { Database } from '../../src/database/connect.ts';
import { openKeyring } from '../../src/kernel/keyring.ts';
import { createLog } from '../../src/kernel/log.ts';
import type { OauthProvider } from '../../src/kernel/source-settings.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { type Connector, ConnectorError, defineConnector } from '../../src/sources/connector.ts';
import { connectorRegistryOf } from '../../src/sources/registry.ts';
import type { SourcesHouse } from '../../src/sources/sources-house.ts';

export interface TestHouse extends SourcesHouse {
  readonly logged: () => string;
}

/** A house whose providers all stand at `url`; it is closed after the last test of the file. */
export async function useSourcesHouse(
  database: Database,
  {
    url,
    connectors = [],
    keys = [],
  }: {
    readonly url: string;
    readonly connectors?: readonly Connector[];
    readonly keys?: Parameters<typeof openKeyring>[0];
  },
): Promise<TestHouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-house-'));
  const lines: string[] = [];
  const outbound = createOutbound({
    allow: ['127.0.0.1'],
    routes: Object.fromEntries(
      [
        'https://api.dropboxapi.com',
        'https://slack.com',
        'https://api.notion.com',
        'https://oauth2.googleapis.com',
        'https://login.microsoftonline.com',
      ].map((origin) => [origin, url]),
    ),
  });
  afterAll(async () => {
    await outbound.close();
    await rm(dataDir, { recursive: true });
  });
  const client = { clientId: 'us', clientSecret: 'our-client-secret', signingSecret: undefined, tenant: undefined };
  return {
    database,
    log: createLog({ level: 'debug', stream: { write: (line) => void lines.push(line) } }),
    outbound,
    keyring: openKeyring(keys, dataDir),
    oauthClients: { dropbox: client, slack: client, notion: client, google: client, microsoft: client },
    connectors: async () => connectorRegistryOf(connectors),
    dataDir,
    importRoots: [],
    publicUrl: 'https://cairn.example.org',
    logged: () => lines.join(''),
  };
}

/** A connector of a provider, whose `check` asks `<url>/who` with its token or its key. */
export function oauthConnector(provider: OauthProvider, url: string): Connector {
  return defineConnector({
    ...placeOf(provider, url),
    oauth: provider,
    scopes: { read: ['read.a', 'read.b'], write: ['write.a'] },
  });
}

/** One that is opened by a key. */
export const keyConnector = (url: string): Connector =>
  defineConnector({
    ...placeOf('keyed', url),
    keys: { apiKey: { title: 'Key', description: 'From the settings page.' } },
  });

function placeOf(id: string, url: string): Connector {
  return {
    id,
    title: `The ${id}`,
    description: 'A place of the tests.',
    capabilities: {
      changes: 'listing',
      deletes: 'sweep',
      rename: 'delete-create',
      notify: 'none',
      hash: [],
      rangeDownload: false,
      write: false,
    },
    settings: Type.Object({}, { additionalProperties: false }),
    async check({ auth, keys, fetch, signal }) {
      const token = keys['apiKey'] ?? (await auth.get()).accessToken;
      const answer = await fetch(`${url}/who`, { headers: { authorization: `Bearer ${token}` }, signal });
      if (answer.status === 401) throw new ConnectorError('auth-revoked', 'The place refuses the token');
      const { account } = (await answer.json()) as { account: string };
      return { accountId: account, displayName: `${account} (${id})` };
    },
    async *listChanges() {
      yield { type: 'complete', cursor: '1', coverage: 'full' };
    },
    download: () => Promise.reject(new ConnectorError('not-found', 'There is nothing')),
  };
}
