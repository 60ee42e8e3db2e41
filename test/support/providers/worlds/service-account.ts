/** A service account, and Google's token endpoint that verifies what its key signs. */
import { createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { FakeAnswer, FakeRequest } from '../../http-fake.ts';

let pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

/** The JSON key, as Google Cloud gives it. */
export function serviceAccountKey(): string {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({
    type: 'service_account',
    project_id: 'fake',
    private_key_id: 'key-1',
    private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'reader@fake.iam.gserviceaccount.com',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}

/** What the endpoint answers: `token`, where the statement is signed, for this endpoint, and of now. */
export function answerToken(request: FakeRequest, token: string): FakeAnswer {
  const form = new URLSearchParams(request.body.toString());
  const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const { iss, aud, iat, exp, scope }: Record<string, unknown> = JSON.parse(
    Buffer.from(claims, 'base64url').toString() || '{}',
  );
  const now = Date.now() / 1000;
  const isSigned =
    pair !== undefined &&
    createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(pair.publicKey, signature, 'base64url');
  const isRight =
    form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
    iss === 'reader@fake.iam.gserviceaccount.com' &&
    aud === 'https://oauth2.googleapis.com/token' &&
    Math.abs(Number(iat) - now) < 300 &&
    Number(exp) - Number(iat) <= 3600 &&
    String(scope).includes('devstorage');
  if (!isSigned || !isRight) return refusedGrant('Invalid JWT Signature.');
  return { body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } };
}

export function refusedGrant(words: string): FakeAnswer {
  return { status: 400, body: { error: 'invalid_grant', error_description: words } };
}
