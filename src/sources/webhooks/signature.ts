/** How those who are told know that it is us: an HMAC over the time and the very bytes. */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** 256 random bits, told once. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/**
 * `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body", hex>`, keyed by the secret as it was told, prefix and all. Whoever checks
 * it compares in constant time, and refuses a time that is more than five minutes off.
 */
export function signatureOf(secret: string, body: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
