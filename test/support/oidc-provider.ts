/** An OpenID provider on the loopback that does what the specification says, and what it forbids when it is told to. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll } from 'vitest';

export const CLIENT = { clientId: 'cairn-test', clientSecret: 'a-secret-of-the-client' } as const;

/** What one sign-in should be like, beside what is right. */
export interface Behaviour {
  /** Claims that replace the right ones; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly userinfo?: Readonly<Record<string, unknown>>;
  readonly sign?: 'none' | 'hmac-with-public-key' | 'another-key' | 'nothing-changed';
  /** Parameters that replace those of the answer to the browser. */
  readonly answer?: Readonly<Record<string, string>>;
  readonly tokenStatus?: number;
}

export interface OidcProvider {
  readonly issuer: string;
  /** How the next sign-in goes. */
  readonly behave: (behaviour: Behaviour) => void;
  /** New keys; the old ones are gone. */
  readonly rotate: () => Promise<void>;
  /** How often each address was asked for. */
  readonly asked: Map<string, number>;
}

interface Keys {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

interface Grant {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts a provider that is stopped after the last test of the file. */
export async function useOidcProvider(): Promise<OidcProvider> {
  let behaviour: Behaviour = {};
  let keys = await newKeys();
  const grants = new Map<string, Grant>();
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      response.writeHead(500).end(String(thrown));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer);
    asked.set(url.pathname, (asked.get(url.pathname) ?? 0) + 1);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, metadata(issuer));
      case '/jwks':
        return json(response, 200, { keys: [await publicJwk(keys)] });
      case '/authorize':
        return authorize(url, response);
      case '/token':
        return token(request, response);
      case '/userinfo':
        return json(response, 200, { sub: 'subject-1', ...behaviour.userinfo });
      default:
        return json(response, 404, {});
    }
  };

  const authorize = (url: URL, response: ServerResponse): void => {
    const asks = (name: string): string => url.searchParams.get(name) ?? '';
    const isRight =
      asks('client_id') === CLIENT.clientId &&
      asks('response_type') === 'code' &&
      asks('code_challenge_method') === 'S256' &&
      asks('scope').split(' ').includes('openid');
    if (!isRight) {
      json(response, 400, { error: 'invalid_request' });
      return;
    }
    const code = randomBytes(16).toString('hex');
    grants.set(code, { nonce: asks('nonce'), challenge: asks('code_challenge'), redirectUri: asks('redirect_uri') });
    const back = new URL(asks('redirect_uri'));
    const given = behaviour.answer ?? {};
    for (const [name, value] of Object.entries({ code, state: asks('state'), iss: issuer, ...given })) {
      back.searchParams.set(name, value);
    }
    if ('error' in given) back.searchParams.delete('code');
    response.writeHead(302, { location: back.href }).end();
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await textOf(request));
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    // A code is good for one use.
    grants.delete(code);
    if (!isClient(request.headers.authorization)) return json(response, 401, { error: 'invalid_client' });
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant === undefined || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) {
      return json(response, 400, { error: 'invalid_grant' });
    }
    const { tokenStatus = 200, claims } = behaviour;
    const idToken = await sign({ ...rightClaims(issuer, grant.nonce), ...claims });
    json(response, tokenStatus, { access_token: 'secret-access-token', token_type: 'Bearer', id_token: idToken });
  };

  const sign = async (claims: Readonly<Record<string, unknown>>): Promise<string> => {
    const payload = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    if (behaviour.sign === 'none') return `${base64url({ alg: 'none' })}.${base64url(payload)}.`;
    if (behaviour.sign === 'hmac-with-public-key') {
      const head = `${base64url({ alg: 'HS256', kid: keys.kid })}.${base64url(payload)}`;
      return `${head}.${createHmac('sha256', await exportSPKI(keys.publicKey))
        .update(head)
        .digest('base64url')}`;
    }
    const { privateKey } = behaviour.sign === 'another-key' ? await newKeys() : keys;
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: keys.kid }).sign(privateKey);
  };

  return {
    issuer,
    asked,
    behave: (next) => {
      behaviour = next;
    },
    rotate: async () => {
      keys = await newKeys();
    },
  };
}

const metadata = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  code_challenge_methods_supported: ['S256'],
  // More than a client may believe.
  id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  authorization_response_iss_parameter_supported: true,
});

const rightClaims = (issuer: string, nonce: string): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1_000);
  return {
    iss: issuer,
    sub: 'subject-1',
    aud: CLIENT.clientId,
    iat: now,
    exp: now + 300,
    nonce,
    email: 'anna@example.org',
    email_verified: true,
    name: 'Anna',
  };
};

/** Both halves are encoded as in a form, says the specification. */
function isClient(header: string | undefined): boolean {
  const pair = Buffer.from(header?.replace('Basic ', '') ?? '', 'base64').toString();
  return (
    [...new URLSearchParams(pair.replace(':', '='))].flat().join(':') === `${CLIENT.clientId}:${CLIENT.clientSecret}`
  );
}

async function newKeys(): Promise<Keys> {
  return { kid: randomBytes(4).toString('hex'), ...(await generateKeyPair('RS256', { extractable: true })) };
}

async function publicJwk({ kid, publicKey }: Keys): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
