/** Signature version 4 as S3 verifies it: over the path as it came, the signed headers and the hash of the content. */
import { createHash, createHmac } from 'node:crypto';
import type { FakeRequest } from '../../http-fake.ts';

export const FAKE_KEYS = { accessKeyId: 'AKIDFAKE', secretAccessKey: 'a-secret-of-the-fake' } as const;

/** The code of S3's refusal; undefined where the signature is right. */
export function signatureFault(request: FakeRequest): 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | undefined {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      request.headers.get('authorization') ?? '',
    );
  const [, keyId = '', day = '', region = '', signed = '', signature = ''] = given ?? [];
  if (keyId !== FAKE_KEYS.accessKeyId) return 'InvalidAccessKeyId';
  const content = request.headers.get('x-amz-content-sha256') ?? '';
  if (content !== 'UNSIGNED-PAYLOAD' && content !== sha256(request.body)) return 'SignatureDoesNotMatch';
  const names = signed.split(';');
  const canonical = [
    request.method,
    request.url.pathname,
    request.url.search.slice(1).split('&').filter(Boolean).sort().join('&'),
    ...names.map((name) => `${name}:${name === 'host' ? request.url.host : request.headers.get(name)}`),
    '',
    signed,
    content,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers.get('x-amz-date'), scope, sha256(Buffer.from(canonical))].join(
    '\n',
  );
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${FAKE_KEYS.secretAccessKey}`),
  );
  return hmac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch';
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
