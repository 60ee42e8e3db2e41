/** What a provider's HTTP answer means to a run. A provider that says more in its body looks there first and asks here last. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { type AnswerHeaders, retryAfterOf } from './retry-after.ts';

/** The part of a `Response` that is looked at; SDKs tell it in objects of their own. */
export interface AnswerFacts {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

const KIND_BY_STATUS: Readonly<Record<number, ConnectorErrorKind>> = {
  401: 'auth-expired',
  402: 'quota',
  403: 'forbidden',
  404: 'not-found',
  408: 'transient',
  409: 'conflict',
  410: 'not-found',
  412: 'conflict',
  413: 'too-large',
  416: 'conflict',
  423: 'conflict',
  425: 'transient',
  429: 'rate-limit',
  507: 'quota',
};

/**
 * The kind that a status has where the body says no more. 503 with a Retry-After is a limit; every other 5xx is transient; a
 * 4xx without a meaning of its own is a request that we should not have made.
 */
export function kindOfAnswer(answer: AnswerFacts): ConnectorErrorKind {
  const known = KIND_BY_STATUS[answer.status];
  if (known !== undefined) return known;
  if (answer.status === 503 && answer.headers.get('retry-after') !== null) return 'rate-limit';
  return answer.status >= 500 ? 'transient' : 'config';
}

export interface AnswerErrorOptions {
  /** Such as `Dropbox`. */
  readonly provider: string;
  /** Where the provider's own words say it better than the status. */
  readonly kind?: ConnectorErrorKind | undefined;
  /** The provider's words, cut to 300 characters; no token or signed address may stand in them. */
  readonly words?: string | undefined;
  readonly hint?: string | undefined;
  /** Milliseconds, where the body says it and not the header. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The error of an answer that is no success. */
export function answerError(answer: AnswerFacts, options: AnswerErrorOptions): ConnectorError {
  const words = options.words === undefined || options.words === '' ? '' : `: ${options.words.slice(0, 300)}`;
  return new ConnectorError(
    options.kind ?? kindOfAnswer(answer),
    `${options.provider} answered ${answer.status}${words}`,
    {
      status: answer.status,
      retryAfterMs: retryAfterOf(answer) ?? options.retryAfterMs,
      hint: options.hint,
      cause: options.cause,
    },
  );
}

/** The first 64 KiB of an answer as text, the rest given up: for the words of an error. Never throws: the status says enough. */
export async function answerText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body) {
      parts.push(part);
      size += part.length;
      if (size >= 65_536) break;
    }
  } catch {
    // What came before the connection ended may still say what was wrong.
  }
  return Buffer.concat(parts).subarray(0, 65_536).toString('utf8');
}
