/** What Notion's answers mean. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { answerError } from '../kit/answer-error.ts';
import { asConnectorError } from '../kit/network-error.ts';

export const PROVIDER = 'Notion';

const KIND_BY_CODE: Readonly<Record<string, ConnectorErrorKind>> = {
  unauthorized: 'auth-expired',
  restricted_resource: 'forbidden',
  object_not_found: 'not-found',
  rate_limited: 'rate-limit',
  // Two edits at once on Notion's side: the same request passes a moment later.
  conflict_error: 'transient',
  service_overload: 'transient',
  validation_error: 'config',
};

/** Any value that the SDK or the way to Notion threw, as what a connector throws. */
export function notionError(thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof ConnectorError) return thrown;
  const { status, code, headers } = factsOf(thrown);
  if (!(thrown instanceof Error) || status === undefined) return asConnectorError(thrown, PROVIDER, signal);
  const isPage = code === 'validation_error' && thrown.message.includes('start_cursor');
  return answerError(
    { status, headers: headers ?? new Headers() },
    {
      provider: PROVIDER,
      kind: isPage ? 'cursor-expired' : KIND_BY_CODE[code ?? ''],
      words: thrown.message,
      hint: code === 'object_not_found' ? 'Share it with the connection in Notion, if it is to be read.' : undefined,
    },
  );
}

/** Whether an item is out of reach: gone, or not shared with us. */
export function isOutOfReach(thrown: unknown): thrown is ConnectorError {
  return thrown instanceof ConnectorError && (thrown.kind === 'not-found' || thrown.kind === 'forbidden');
}

interface Facts {
  readonly status?: number;
  readonly code?: string;
  readonly headers?: Headers;
}

/** Of the SDK's errors, by their shape: a class of a package that is loaded late cannot be named here. */
function factsOf(thrown: unknown): Facts {
  if (!(thrown instanceof Error)) return {};
  return {
    ...('status' in thrown && typeof thrown.status === 'number' ? { status: thrown.status } : {}),
    ...('code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {}),
    ...('headers' in thrown && thrown.headers instanceof Headers ? { headers: thrown.headers } : {}),
  };
}
