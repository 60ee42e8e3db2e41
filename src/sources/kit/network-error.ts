/** What went wrong below HTTP: no address, no connection, an answer that ended early. */
import { AppError } from '../../kernel/errors.ts';
import { ConnectorError } from '../connector.ts';

/**
 * Any thrown value as what the run understands. A run that was told to end ends with its signal's reason; an error of ours
 * that `fetch` wrapped (an address that is not allowed) comes out as `config`; everything else is transient.
 */
export function asConnectorError(thrown: unknown, provider: string, signal?: AbortSignal): unknown {
  if (signal?.aborted === true) return signal.reason;
  const ours = causes(thrown).find((error) => error instanceof ConnectorError || error instanceof AppError);
  if (ours instanceof ConnectorError) return ours;
  if (ours instanceof AppError) {
    const kind = ours.kind === 'transient' || ours.kind === 'bug' ? 'transient' : 'config';
    return new ConnectorError(kind, ours.message, { cause: thrown, hint: ours.hint });
  }
  const inmost = causes(thrown).at(-1);
  const words = inmost instanceof Error ? (codeOf(inmost) ?? inmost.message) : String(inmost);
  return new ConnectorError('transient', `${provider} could not be reached, or its answer ended early: ${words}`, {
    cause: thrown,
  });
}

/**
 * `context.fetch`, its faults thrown as ConnectorErrors; any status passes.
 * @throws ConnectorError transient, config; the signal's reason
 */
export async function reach(
  context: { readonly fetch: typeof globalThis.fetch; readonly signal: AbortSignal },
  provider: string,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await context.fetch(url, { ...init, signal: context.signal });
  } catch (thrown) {
    throw asConnectorError(thrown, provider, context.signal);
  }
}

/** An error, its cause, and so on; ends at a loop. */
function causes(thrown: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at: unknown = thrown; at !== undefined && at !== null && !found.includes(at); ) {
    found.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return found;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
