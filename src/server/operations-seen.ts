/** What is seen of GraphQL operations and subscriptions. Whoever counts them, a worker's metrics too, need not load GraphQL. */
import type { OperationTypeNode } from 'graphql';
import { watched } from '../kernel/watched.ts';

/** An operation from its text to its answer. What is not known before the text is read is filled in on the way. */
export interface OperationSeen {
  /** As the client calls it, so of any number of values; undefined for an anonymous one, and for text that cannot be read. */
  name: string | undefined;
  kind: OperationTypeNode | undefined;
  /** Of the first error; undefined while there is none. */
  code: string | undefined;
}

export const operationsSeen = watched<OperationSeen, { readonly status: number }>();
/** From the moment a subscription is open until its client or the server ends it. */
export const subscriptionsSeen = watched<{ readonly name: string | undefined }>();
