/** The closed list of codes that clients read, whichever way they ask. */
import type { AppError, ErrorCode } from './errors.ts';

export const CLIENT_CODES = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'INTERNAL',
] as const;
export type ClientCode = (typeof CLIENT_CODES)[number];

/** Whether a value is one of them. */
export const isClientCode = (code: unknown): code is ClientCode => CLIENT_CODES.some((known) => known === code);

/** Codes of our own that say more than the closed list does; the list's code stands in `code`, ours in `reason`. */
const CODE_OF: Partial<Record<ErrorCode, ClientCode>> = {
  PATH_NOT_ALLOWED: 'FORBIDDEN',
  FILE_MISSING: 'NOT_FOUND',
  FILE_TOO_LARGE: 'LIMIT_EXCEEDED',
  NESTED_TOO_DEEP: 'LIMIT_EXCEEDED',
  PERSISTED_QUERY_NOT_FOUND: 'NOT_FOUND',
};

/** The code of the closed list that an error reaches clients under. */
export function clientCode(error: AppError): ClientCode {
  if (isClientCode(error.code)) return error.code;
  return CODE_OF[error.code] ?? (error.kind === 'user' || error.kind === 'data' ? 'BAD_USER_INPUT' : 'INTERNAL');
}
