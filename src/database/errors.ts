/** What PostgreSQL and its connections report, as AppErrors whose kind decides what may be tried again. */
import { AppError, type ErrorCode } from '../kernel/errors.ts';

interface Rule {
  /** A whole SQLSTATE, the two characters of a class, or a socket's error code. */
  readonly match: RegExp;
  /** What the report must also say, where its code leaves two meanings. */
  readonly words?: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** Whether the report's own words are added: an address says more than that there was none. */
  readonly isQuoted?: boolean;
}

const AGAIN = 'Nothing was written. Try again.';

/** A server that is not there, or that went away. */
export const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;

/** Sessions that are handed around keep neither settings nor locks, and a backend that cannot be named cannot be asked about. */
export const POOLED = {
  code: 'CONFIG_INVALID',
  message: 'A pooler (PgBouncer or the like) stands between Cairn and the server of DATABASE_URL',
  hint: 'Name PostgreSQL itself in DATABASE_URL, past the pooler in any of its modes: Cairn pools its connections itself, about 30 per process.',
} as const;

const RULES: readonly Rule[] = [
  { match: /^(40001|40P01)$/, code: 'DATABASE_BUSY', message: 'Another transaction got in the way', hint: AGAIN },
  { match: /^(53300|53400)$/, code: 'DATABASE_BUSY', message: 'The database has no connection left', hint: AGAIN },
  {
    match: /^55P03$/,
    code: 'CONFLICT',
    message: 'Another transaction, such as an import, holds what this would change',
    hint: AGAIN,
  },
  {
    // The same SQLSTATE as a time limit's. A server that speaks another language is understood as having met one.
    match: /^57014$/,
    words: /due to user request/,
    code: 'INTERRUPTED',
    message: 'The statement was cancelled',
    hint: AGAIN,
  },
  {
    match: /^(57014|25P04)$/,
    code: 'LIMIT_EXCEEDED',
    message: 'This takes the database too long and was stopped',
    hint: 'Ask for fewer rows or counts at once, or narrow `where` by fields that are indexed.',
  },
  { match: /^08P01$/, words: /unsupported startup parameter/, ...POOLED, isQuoted: true },
  {
    match: /^(57P0[1-5]|08...|25P03)$/,
    code: 'DATABASE_UNREACHABLE',
    message: 'The database ended the connection',
    hint: 'Try again when it is back.',
  },
  {
    match: SOCKET,
    code: 'DATABASE_UNREACHABLE',
    message: 'The database cannot be reached',
    isQuoted: true,
    hint: 'Check that the server of DATABASE_URL runs and can be reached from here.',
  },
  {
    match: /^(53100|53200|58030)$/,
    code: 'DATABASE_UNREACHABLE',
    message: 'The database has run out of disk or memory',
    hint: 'Free some and try again.',
  },
  {
    match: /^23505$/,
    code: 'CONFLICT',
    message: 'A row with this key exists already',
    hint: 'Use another key, or update the row that has it.',
  },
  {
    match: /^23503$/,
    code: 'CONFLICT',
    message: 'Another row refers to this one, or the row referred to does not exist',
    hint: 'Write the row referred to first.',
  },
  {
    match: /^(22...|23502|23514)$/,
    code: 'BAD_USER_INPUT',
    message: 'The database refused a value',
    hint: 'Check the value against its field’s limits.',
  },
];

const LOST_CONNECTION =
  /Connection terminated|Client (has encountered a connection error|was closed)|timeout (expired|exceeded when trying to connect)/;

/** pg reports a lost connection by words alone. */
export const isLostConnection = ({ message }: Error): boolean => LOST_CONNECTION.test(message);

/**
 * A thrown value as an AppError: what PostgreSQL, its driver or the engine of the migrations reported gets its code by a table; the rest stays
 * what it is, and is a bug.
 */
export function asDatabaseError(thrown: unknown): unknown {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
  const code = sqlState(thrown);
  const lost = isLostConnection(thrown) ? 'ECONNRESET' : undefined;
  const rule = RULES.find(
    ({ match, words }) => match.test(code ?? lost ?? '') && (words?.test(thrown.message) ?? true),
  );
  if (rule === undefined) return thrown;
  const quoted = rule.isQuoted ? ` (${thrown.message || code})` : '';
  return new AppError(rule.code, rule.message + quoted, { cause: thrown, hint: rule.hint });
}

/** Whether trying the same transaction again may succeed. */
export function isTransient(thrown: unknown): boolean {
  const mapped = asDatabaseError(thrown);
  return mapped instanceof AppError && mapped.kind === 'transient';
}

/** The SQLSTATE, or a socket's error code, of an error or of what caused it: the engine of the migrations wraps the driver's report. */
export function sqlState(thrown: unknown): string | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1) {
    const original = readCode(error.cause, 'originalCode') ?? readCode(error, 'code');
    // The engine's own codes (P3018) say less than the SQLSTATE below them.
    if (original !== undefined && !/^P\d{4}$/.test(original)) return original;
  }
  return undefined;
}

function readCode(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const code: unknown = Reflect.get(value, key);
  return typeof code === 'string' ? code : undefined;
}
