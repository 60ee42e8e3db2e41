/**
 * The one error type. Every failure that leaves a module is an {@link AppError}: its `code` says what happened, its
 * `kind` decides what the world may do about it (retry, HTTP status, what a client sees), its `hint` says what the
 * reader should do next.
 */

/** Who can do something about an error. Retry, status and masking are tables keyed by this. */
export type ErrorKind = 'user' | 'config' | 'data' | 'transient' | 'bug';

/** Every code with its kind: the closed list. The README's table is checked against it. */
export const ERROR_CODES = {
  BAD_USER_INPUT: 'user',
  UNAUTHENTICATED: 'user',
  FORBIDDEN: 'user',
  NOT_FOUND: 'user',
  CONFLICT: 'user',
  RATE_LIMITED: 'user',
  LIMIT_EXCEEDED: 'user',
  PATH_NOT_ALLOWED: 'user',
  ADDRESS_NOT_ALLOWED: 'user',
  NEEDS_REAUTH: 'user',
  DATASET_UNKNOWN: 'user',
  PERSISTED_QUERY_NOT_FOUND: 'user',
  INTERRUPTED: 'user',
  FILE_MISSING: 'data',
  FILE_UNREADABLE: 'data',
  FILE_EMPTY: 'data',
  FILE_CHANGED: 'data',
  FILE_TOO_LARGE: 'data',
  FILE_ENCODING: 'data',
  FILE_MALFORMED: 'data',
  HEADER_INVALID: 'data',
  NESTED_TOO_DEEP: 'data',
  CONFIG_INVALID: 'config',
  SECRET_UNREADABLE: 'config',
  DATA_DIR_INVALID: 'config',
  DATA_DIR_VERSION: 'config',
  PORT_IN_USE: 'config',
  DISK_FULL: 'config',
  DATABASE_UNREACHABLE: 'transient',
  DATABASE_BUSY: 'transient',
  SOURCE_UNAVAILABLE: 'transient',
  MIGRATION_FAILED: 'config',
  DECLARATION_INVALID: 'bug',
  INTERNAL: 'bug',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One value of an input that did not pass. */
export interface Fault {
  /** Where it stands in the arguments, such as `patch.title` or `records.3.status`. */
  readonly path: string;
  /** Of the codes of rejects, such as TOO_LONG. */
  readonly code: string;
  readonly message: string;
}

export interface ErrorDetails {
  /** What the reader should do next, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The argument or field that the error is about, as a path. */
  readonly path?: string;
  /** Everything that is wrong with one input, where more than its first fault is known. */
  readonly faults?: readonly Fault[];
  /** Milliseconds that whoever refused asks to wait: a job is put off for so long, and it counts as no attempt. */
  readonly retryAfterMs?: number | undefined;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly path: string | undefined;
  readonly faults: readonly Fault[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.kind = ERROR_CODES[code];
    this.hint = details.hint;
    this.path = details.path;
    this.faults = details.faults;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** HTTP status by code where one is customary, else by kind. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PATH_NOT_ALLOWED: 403,
  ADDRESS_NOT_ALLOWED: 403,
  NEEDS_REAUTH: 409,
  NOT_FOUND: 404,
  PERSISTED_QUERY_NOT_FOUND: 404,
  FILE_MISSING: 404,
  CONFLICT: 409,
  FILE_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  DISK_FULL: 507,
};
const STATUS_BY_KIND: Record<ErrorKind, number> = { user: 400, data: 422, config: 500, transient: 503, bug: 500 };

/** The HTTP status that tells a client what kind of failure this is. */
export function httpStatus(error: AppError): number {
  return STATUS_BY_CODE[error.code] ?? STATUS_BY_KIND[error.kind];
}

/** Clients read these kinds in full; the others reach them only as an id to look up in the log. */
const SHOWN_TO_CLIENTS: Record<ErrorKind, boolean> = {
  user: true,
  config: true,
  data: true,
  transient: false,
  bug: false,
};

/** Whether a client may read this error's message and hint. */
export function isShownToClients(error: unknown): error is AppError {
  return error instanceof AppError && SHOWN_TO_CLIENTS[error.kind];
}

/** Any thrown value as an AppError; what is not one already is a bug and keeps its cause. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('INTERNAL', message, { cause: thrown, hint: 'Look this up in the log by its id.' });
}
