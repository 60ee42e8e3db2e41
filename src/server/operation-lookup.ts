/** From what a client sends, a document or the name or hash of one, to the document that is executed. */
import { separateOperations } from 'graphql';
import { type Actor, hasRole } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';
import type { LimitSettings } from '../kernel/limit-settings.ts';
import type { GraphqlParams, ReceivedParams } from './graphql-params.ts';
import {
  operationText,
  parseWithin,
  type RegisteredOperation,
  type RegisteredOperations,
} from './registered-operations.ts';

export interface OperationLookup {
  /** @throws AppError PERSISTED_QUERY_NOT_FOUND, BAD_USER_INPUT; FORBIDDEN for a document that is not registered */
  readonly resolve: (params: ReceivedParams, actor: Actor) => GraphqlParams;
  /** Whether the actor may send documents of its own: GraphiQL is of use to no one else. */
  readonly mayCompose: (actor: Actor) => boolean;
}

export function createOperationLookup(
  registered: RegisteredOperations,
  mode: LimitSettings['operations'],
): OperationLookup {
  const mayCompose = (actor: Actor): boolean => mode === 'any' || hasRole(actor, 'admin');
  return {
    mayCompose,
    resolve: ({ query, documentId, ...rest }, actor) => {
      if (query === undefined) return { ...rest, query: findOrTell(registered, documentId ?? '', rest).text };
      if (documentId !== undefined && documentId !== hashBytes(query)) {
        throw new AppError('BAD_USER_INPUT', 'The hash sent with the document is another document’s', {
          hint: 'Send the SHA-256 of the query’s text in hexadecimal, or the query alone.',
        });
      }
      if (mayCompose(actor)) return { ...rest, query };
      return { ...rest, query: sameAs(registered, query, rest).text };
    },
  };
}

function findOrTell(
  registered: RegisteredOperations,
  id: string,
  { operationName }: Pick<GraphqlParams, 'operationName'>,
): RegisteredOperation {
  const found = registered.find(id, operationName);
  if (found !== undefined) return found;
  // In the words that clients of persisted queries know.
  throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', {
    hint: 'No document is registered under this name or hash. Send its text, or have it put into the folder of CAIRN_OPERATIONS_DIR.',
  });
}

/** The registered operation that a document's text is, whatever its spaces and commas. */
function sameAs(
  registered: RegisteredOperations,
  query: string,
  { operationName }: Pick<GraphqlParams, 'operationName'>,
): RegisteredOperation {
  const exact = registered.find(hashBytes(query), operationName);
  if (exact !== undefined) return exact;
  const document = parseWithin(query);
  const operations = document === undefined ? {} : separateOperations(document);
  const asked = operationName ?? (Object.keys(operations).length === 1 ? Object.keys(operations)[0] : undefined);
  const own = asked === undefined ? undefined : operations[asked];
  const found = own === undefined ? undefined : registered.find(hashBytes(operationText(own)));
  if (found !== undefined) return found;
  throw new AppError('FORBIDDEN', 'This server answers registered operations only', {
    hint: 'Send the name or the hash of a registered one as documentId. Admins may send any document.',
  });
}
