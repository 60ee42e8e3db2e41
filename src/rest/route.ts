/** Routes of this server: what a `*.rest.ts` file declares, with the context that GraphQL's resolvers get. */
import type { GraphqlContext } from '../graphql/context.ts';
import { defineRoute, type Route } from '../http/route.ts';

export type RestRoute = Route<GraphqlContext>;

/** Declares one route; its file exports it, or a list of them, by default. */
export const restRoute = defineRoute<GraphqlContext>();
