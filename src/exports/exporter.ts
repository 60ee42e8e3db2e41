import type { GraphQLSchema } from 'graphql';
import { contextSlot } from '../graphql/context.ts';
import type { Catalogue } from './catalogue.ts';

/** What exports need beside a request's context. */
export interface Exporter {
  readonly catalogue: Catalogue;
  /** Its inputs say what `where` and `orderBy` may be. */
  readonly schema: GraphQLSchema;
}

/** Filled by the server for every operation, request and job. */
export const exporterSlot = contextSlot<Exporter>('exporter');
