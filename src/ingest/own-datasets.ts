/** Imports and rejects belong to the context of their dataset: an actor with scopes sees those of its own contexts. */
import type { GraphqlContext } from '../graphql/context.ts';
import type { Limit } from '../graphql/entity.ts';
import { hasScope } from '../kernel/actor.ts';
import { importerSlot } from './importer-slot.ts';

/** The datasets of the actor's contexts; undefined for all. */
export function ownDatasets(context: GraphqlContext): readonly string[] | undefined {
  if (context.actor.scopes === undefined) return undefined;
  return [...importerSlot.get(context).ingest.contexts]
    .filter(([, scope]) => hasScope(context.actor, scope))
    .map(([dataset]) => dataset);
}

/** That the row's `dataset` is one of the actor's. */
export function ofOwnDatasets(context: GraphqlContext): Limit | undefined {
  const datasets = ownDatasets(context);
  return datasets && ((alias, params) => `${alias}.dataset = ANY(${params.add(datasets, 'text[]')})`);
}
