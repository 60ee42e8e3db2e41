/** What a client sees of an error: a code of a closed list, and the id under which the log has the rest. */
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { clientCode, isClientCode } from '../kernel/client-code.ts';
import { asAppError, isShownToClients } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';

/** A scalar's or argument's complaint, in the form that graphql keeps through its own wrapping. */
export function inputError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** What graphql adds about names close to a wrong one: it tells what else there is to whoever tries names out. */
const SUGGESTION = / Did you mean [^?]*\?/g;

/**
 * Any error of an operation as the client may see it; what it may not see is logged under `requestId`. Errors that
 * graphql itself raised (syntax, validation, variables) are the client's and pass with code BAD_USER_INPUT.
 */
export function clientError(thrown: unknown, requestId: string, log: Log): GraphQLError {
  const cause = causeOf(thrown);
  const place = placeOf(thrown);
  if (cause === undefined && thrown instanceof GraphQLError) {
    const given = thrown.extensions['code'];
    const code = isClientCode(given) ? given : 'BAD_USER_INPUT';
    return new GraphQLError(thrown.message.replace(SUGGESTION, ''), {
      ...place,
      extensions: { code, requestId, ...httpOf(thrown) },
    });
  }
  const error = asAppError(cause ?? thrown);
  if (!isShownToClients(error)) {
    log.error({ err: error, requestId, path: place.path }, 'an operation failed');
    return new GraphQLError('Unexpected error.', { ...place, extensions: { code: 'INTERNAL', requestId } });
  }
  const code = clientCode(error);
  const extensions = {
    code,
    requestId,
    ...(error.code !== code && { reason: error.code }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.path !== undefined && { argument: error.path }),
    ...(error.faults !== undefined && { faults: error.faults }),
  };
  return new GraphQLError(error.message, { ...place, extensions });
}

/** What a resolver threw, below the layers that graphql and its compilers put around it; undefined if graphql itself complains. */
function causeOf(thrown: unknown): unknown {
  let current = thrown;
  for (let depth = 0; current instanceof GraphQLError && depth < 5; depth += 1) current = current.originalError;
  return current instanceof GraphQLError ? undefined : current;
}

/** Where in the document and the answer it happened. */
function placeOf(thrown: unknown): Pick<GraphQLErrorOptions, 'nodes' | 'path'> {
  if (!(thrown instanceof GraphQLError)) return {};
  const { nodes, path } = thrown;
  return { ...(nodes !== undefined && { nodes }), ...(path !== undefined && { path }) };
}

/** The status and headers that the server asks for; the server takes them out before it answers. */
function httpOf(error: GraphQLError): Record<string, unknown> {
  const http = error.extensions['http'];
  return http === undefined ? {} : { http };
}
