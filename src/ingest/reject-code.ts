/** Why a field or record did not pass: a closed list. */
export const REJECT_CODES = [
  'MALFORMED',
  'MISSING',
  'INVALID_TYPE',
  'INVALID_VALUE',
  'INVALID_ID',
  'OUT_OF_RANGE',
  'TOO_LONG',
  'DUPLICATE_KEY',
  'CONSTRAINT',
  'TOMBSTONED',
] as const;
export type RejectCode = (typeof REJECT_CODES)[number];
