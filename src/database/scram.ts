import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** RFC 7677's least, and PostgreSQL's default: the passwords behind it are 256 bits of HMAC, not words. */
const ITERATIONS = 4096;

/**
 * A password as PostgreSQL stores it (SCRAM-SHA-256, RFC 5803). Sent in place of the password itself, which would stand in
 * the server's log if the statement failed.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
