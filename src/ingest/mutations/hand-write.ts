/** One mutation by hand: its transaction, and the right that it asks for. */
import type { GraphqlContext } from '../../graphql/context.ts';
import type { Part } from '../../graphql/idempotency.ts';
import { mutate } from '../../graphql/mutate.ts';
import type { Right } from '../../kernel/rights.ts';
import { registrySlot } from '../by-hand.ts';
import type { HandWrite } from './write-rows.ts';

/** What every mutation by hand has: who may, and that it can be sent again under its key. */
export const byHand = (
  scope: string,
): { readonly needs: Right; readonly extensions: { readonly repeatable: true } } => ({
  needs: { role: 'editor', scope },
  extensions: { repeatable: true },
});

/** Runs `write` in one transaction; of a request that is sent again under its key, only once. */
export function handWrite<T>(
  context: GraphqlContext,
  part: Part,
  write: (session: HandWrite) => Promise<T>,
): Promise<T> {
  const registry = registrySlot.get(context);
  return mutate(context, (session) => write({ ...session, registry, relations: registry.relations }), part);
}
