/** One mutation by hand: its transaction, and the right that it asks for. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Right } from '../../graphql/authorize.ts';
import type { GraphqlContext } from '../../graphql/context.ts';
import { mutate } from '../../graphql/mutate.ts';
import { relationsSlot } from '../by-hand.ts';
import type { HandWrite } from './write-rows.ts';

/** Who may change rows of a context. */
export const handRight = (scope: string): Right => ({ role: 'editor', scope });

/** Runs `write` in one transaction; of a request that is sent again under its key, only once. */
export function handWrite<T>(
  context: GraphqlContext,
  _info: GraphQLResolveInfo,
  write: (session: HandWrite) => Promise<T>,
): Promise<T> {
  const relations = relationsSlot.get(context);
  return mutate(context, (session) => write({ ...session, relations }));
}
