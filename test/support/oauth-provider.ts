/** A provider's token address on the loopback: codes with PKCE, refresh tokens that may rotate, and a memory for theft. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export interface OauthBehaviour {
  /** A refresh token works once, and a second use ends the grant. */
  readonly rotates?: boolean;
  readonly expiresIn?: number | null;
  /** Instead of an answer of the token address. */
  readonly failure?: { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };
  /** Milliseconds before a token is given. */
  readonly slowMs?: number;
  /** Of the account that `who` tells. */
  readonly account?: string;
}

export interface OauthFake {
  readonly url: string;
  readonly behave: (behaviour: OauthBehaviour) => void;
  /** A person's consent at the authorize address: where the browser is led back to. */
  readonly consent: (authorizeUrl: string, change?: Record<string, string>) => string;
  readonly refreshes: () => number;
  readonly replays: () => number;
  readonly revoked: () => readonly string[];
  /** What was sent to the token address. */
  readonly sent: () => readonly { readonly headers: IncomingMessage['headers']; readonly body: string }[];
  /** Whether an access token opens the place. */
  readonly opens: (token: string) => boolean;
  readonly endGrant: () => void;
}

/** Starts one that is stopped after the last test of the file. Its dialect is Slack's or Notion's where the path says so. */
export async function useOauthFake(): Promise<OauthFake> {
  let behaviour: OauthBehaviour = {};
  let refreshes = 0;
  let replays = 0;
  let isOver = false;
  const codes = new Map<string, { readonly challenge: string; readonly redirectUri: string }>();
  const refreshTokens = new Set<string>();
  const accessTokens = new Set<string>();
  const revoked: string[] = [];
  const sent: { headers: IncomingMessage['headers']; body: string }[] = [];

  const grant = (): Record<string, unknown> => {
    const accessToken = `access-${randomBytes(6).toString('hex')}`;
    const refreshToken = `refresh-${randomBytes(6).toString('hex')}`;
    accessTokens.add(accessToken);
    if (behaviour.rotates === true || refreshTokens.size === 0) refreshTokens.add(refreshToken);
    const { expiresIn = 3600 } = behaviour;
    return {
      access_token: accessToken,
      token_type: 'bearer',
      ...(refreshTokens.has(refreshToken) && { refresh_token: refreshToken }),
      ...(expiresIn !== null && { expires_in: expiresIn }),
    };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '';
    const json = (status: number, value: unknown, headers = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (path.includes('who')) {
      const token = request.headers.authorization?.slice(7) ?? '';
      return accessTokens.has(token) ? json(200, { account: behaviour.account ?? 'anna' }) : json(401, {});
    }
    if (path.includes('revoke')) {
      revoked.push(request.headers.authorization ?? body);
      return json(200, {});
    }
    sent.push({ headers: request.headers, body });
    if (behaviour.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, behaviour.slowMs));
    if (behaviour.failure !== undefined)
      return json(behaviour.failure.status, behaviour.failure.body, behaviour.failure.headers);
    const isSlack = path.includes('oauth.v2.access');
    const isNotion = path.includes('/v1/oauth/token');
    const given = isNotion
      ? new URLSearchParams(JSON.parse(body) as Record<string, string>)
      : new URLSearchParams(body);
    const refuse = (error: string): void => (isSlack ? json(200, { ok: false, error }) : json(400, { error }));
    const give = (): void => {
      const { token_type: type, ...told } = grant();
      if (isSlack) json(200, { ok: true, token_type: 'bot', ...told });
      else json(200, { ...told, token_type: type, ...(isNotion && { refresh_token: null, bot_id: 'b' }) });
    };
    if (given.get('grant_type') === 'refresh_token') {
      refreshes += 1;
      const token = given.get('refresh_token') ?? '';
      if (isOver || !refreshTokens.has(token)) {
        if (!isOver) replays += 1;
        isOver = true;
        return refuse(isSlack ? 'invalid_refresh_token' : 'invalid_grant');
      }
      if (behaviour.rotates === true) refreshTokens.delete(token);
      return give();
    }
    const code = codes.get(given.get('code') ?? '');
    codes.delete(given.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    if (code === undefined || code.challenge !== challenge || code.redirectUri !== given.get('redirect_uri'))
      return refuse(isSlack ? 'invalid_code' : 'invalid_grant');
    isOver = false;
    refreshTokens.clear();
    give();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => void response.writeHead(500).end(String(thrown)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next) => {
      behaviour = next;
    },
    consent: (authorizeUrl, change = {}) => {
      const asked = new URL(authorizeUrl).searchParams;
      const code = randomBytes(8).toString('hex');
      const redirectUri = asked.get('redirect_uri') ?? '';
      codes.set(code, { challenge: asked.get('code_challenge') ?? '', redirectUri });
      const back = new URL(redirectUri);
      for (const [name, value] of Object.entries({ code, state: asked.get('state') ?? '', ...change }))
        back.searchParams.set(name, value);
      return back.href;
    },
    refreshes: () => refreshes,
    replays: () => replays,
    revoked: () => revoked,
    sent: () => sent,
    opens: (token) => accessTokens.has(token),
    endGrant: () => {
      isOver = true;
    },
  };
}
